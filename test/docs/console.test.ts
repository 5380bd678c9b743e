import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, symlinkSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { run } from "../../src/cli/run.js";
import { temporaryDirectory } from "../support/temporary-directory.js";

const root = resolve(import.meta.dirname, "../..");
const checkouts = temporaryDirectory().path;

/** What a newcomer's checkout has that the commands name; or all that a session left so far, in another place. */
function checkout(from?: string): string {
  const folder = mkdtempSync(join(checkouts, "checkout-"));
  const paths = from === undefined ? ["docs/contract", "examples/own-contract", "test/fixtures/captures"] : [""];
  for (const path of paths)
    cpSync(join(from ?? root, path), join(folder, path), {
      recursive: true,
      filter: (source) => basename(source) !== "node_modules",
    });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "dir");
  return folder;
}

interface Shown {
  readonly command: string;
  readonly output: string;
}

interface Session {
  readonly place: string;
  readonly shown: readonly Shown[];
}

function sessionsOf(page: string): Session[] {
  const text = readFileSync(join(root, page), "utf8");
  return [...text.matchAll(/^```console\n([\s\S]*?)^```/gm)].map((match) => ({
    place: `${page}:${text.slice(0, match.index).split("\n").length}`,
    shown: (match[1] as string)
      .split(/^\$ /m)
      .slice(1)
      .map((part) => {
        const [command, ...lines] = part.split("\n");
        return { command: command as string, output: lines.join("\n") };
      }),
  }));
}

/** Runs a command as a shell would; the package's own in this process. */
async function outputOf(command: string, cwd: string, last: number): Promise<{ output: string; code: number }> {
  if (command === "echo $?") return { output: `${last}\n`, code: 0 };
  const own = /^npx gestaloka-events (.*)$/.exec(command);
  if (!own) return { output: execFileSync("sh", ["-c", command], { cwd, encoding: "utf8" }), code: 0 };
  let output = "";
  const write = (text: string) => (output += text);
  const code = await run((own[1] as string).split(" "), {
    stdin: (async function* () {})(),
    stdout: { write },
    stderr: { write },
    env: {},
    cwd,
  });
  return { output, code };
}

const sessions = ["README.md", "docs/getting-started.md", "docs/commands.md", "docs/python.md"].flatMap(sessionsOf);

describe("the console sessions of the documents", { timeout: 120_000 }, () => {
  it("show every command of the program that needs no server, README alone as well", () => {
    const called = sessionsOf("README.md").flatMap(({ shown }) => shown.map(({ command }) => command.split(" ")[2]));
    expect(called).toEqual(expect.arrayContaining(["validate", "generate", "export", "diff"]));
  });

  it.each(sessions)("come out as they are shown: $place", async ({ shown }) => {
    let cwd = checkout();
    let last = 0;
    for (const { command, output } of shown) {
      const real = await outputOf(command, cwd, last);
      expect(`$ ${command}\n${real.output}`).toBe(`$ ${command}\n${output}`);
      last = real.code;
      // This process keeps the modules that it loaded; a file that was edited is another one elsewhere.
      if (command.startsWith("sed ")) cwd = checkout(cwd);
    }
  });
});
