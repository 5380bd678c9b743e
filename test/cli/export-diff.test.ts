import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { run } from "../../src/cli/run.js";
import { temporaryDirectory } from "../support/temporary-directory.js";

const directories = temporaryDirectory().path;
let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(directories, "test-"));
});

async function call(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const text = { out: "", err: "" };
  const write = (key: "out" | "err") => ({ write: (part: string) => (text[key] += part) });
  const code = await run(argv, {
    stdin: (async function* () {})(),
    stdout: write("out"),
    stderr: write("err"),
    env: {},
    cwd,
  });
  return { code, ...text };
}

const git = (...args: string[]) =>
  execFileSync(
    "git",
    ["-c", "user.name=t", "-c", "user.email=t@example.invalid", "-c", "commit.gpgsign=false", ...args],
    { cwd, stdio: "pipe" },
  );

describe("gestaloka-events export", () => {
  it("takes a file that was checked out with the line ends of Windows for what it is", async () => {
    expect(await call("export", "all", "--out", "docs")).toMatchObject({ code: 0 });
    for (const name of readdirSync(join(cwd, "docs"))) {
      const path = join(cwd, "docs", name);
      writeFileSync(path, readFileSync(path, "utf8").replaceAll("\n", "\r\n"));
    }
    expect(await call("export", "all", "--out", "docs", "--check")).toEqual({ code: 0, out: "", err: "" });
  });
  it("writes every format, says when a file is stale, and mends it", async () => {
    expect(await call("export", "all", "--out", "docs")).toMatchObject({
      code: 0,
      out: expect.stringContaining("wrote docs/gestaloka_events.py"),
    });
    expect(await call("export", "all", "--out", "docs", "--check")).toEqual({ code: 0, out: "", err: "" });
    writeFileSync(join(cwd, "docs/asyncapi.yaml"), "asyncapi: 3.0.0\n");
    expect(await call("export", "all", "--out", "docs", "--check")).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^docs\/asyncapi.yaml is stale\n/),
    });
    expect(await call("export", "asyncapi", "--out", "docs")).toMatchObject({
      code: 0,
      out: "wrote docs/asyncapi.yaml\n",
    });
  });
  it("prints one format without --out, and refuses what it does not know", async () => {
    expect((await call("export", "python")).out).toMatch(/^"""The events of gestaloka 1.0.0/);
    expect(await call("export", "protobuf")).toMatchObject({ code: 2 });
    expect(await call("export", "all")).toMatchObject({ code: 2, err: expect.stringContaining("--out") });
  });
});

describe("what export and diff are called wrongly with", () => {
  it.each([
    [["export", "python", "nowhere.ts"], "nowhere.ts: there is no such file"],
    [["export", "python", "--out", "taken"], "--out taken: there is a file of that name; name a folder"],
    [["export", "all", "--out", "taken/deeper"], "--out taken/deeper: there is a file of that name; name a folder"],
    [["export", "all", "--check"], "export: name the folder with --out"],
    [["diff", "nowhere.ts"], "nowhere.ts: there is no such file"],
    [["diff", "."], ".: is a directory; name a file"],
    [["diff", "broken.json"], "broken.json: it is no JSON: "],
    [["diff", "list.json"], "snapshot: it does not say"],
    [["diff", "wide.json"], "wide.json: it is UTF-16; save it as UTF-8"],
    [["diff", "git:"], "git:: write git:REF or git:REF:PATH"],
    [["diff", "git:HEAD:src/contract.ts"], "not a git repository"],
    [["diff", "list.json", "--ignore", "nowhere.yaml"], "--ignore nowhere.yaml: there is no such file"],
    [["diff", "list.json", "--ignore", "."], "--ignore .: is a directory; name a file"],
    [["diff", "list.json", "--ignore", "broken.yaml"], /--ignore broken\.yaml: .*[^:]$/],
    [["diff", "list.json", "--ignore", "misspelt.yaml"], "there is no key subjct; write rule, subject, path, reason"],
    [["diff", "list.json", "--skew", "new"], "--skew: write lingering or both"],
    [["diff", "list.json", "--format", "html"], "--format: write text or json or sarif or github or markdown"],
  ])("%j", async (argv, why) => {
    writeFileSync(join(cwd, "taken"), "");
    writeFileSync(join(cwd, "broken.json"), "{");
    writeFileSync(join(cwd, "list.json"), "[]");
    writeFileSync(join(cwd, "wide.json"), Buffer.from("\ufeff[]", "utf16le"));
    writeFileSync(join(cwd, "broken.yaml"), "rule: [");
    writeFileSync(
      join(cwd, "misspelt.yaml"),
      "- { rule: EVENT_NO_DELETE, subjct: event a, reason: r, expires: 2999-12-31 }",
    );
    const { code, out, err } = await call(...argv);
    expect([code, out]).toEqual([2, ""]);
    // A sentence and where to read on: no stack, no name of a temporary file.
    expect(err.split("\n")).toEqual([
      expect.stringMatching(why),
      `Run gestaloka-events ${argv[0]} --help for what it takes.`,
      "",
    ]);
  });
});

describe("what export cannot write", () => {
  it("is told in one line, without a stack, and exits 2", async () => {
    mkdirSync(join(cwd, "app/gestaloka_events.py"), { recursive: true });
    expect(await call("export", "python", "--out", "app")).toEqual({
      code: 2,
      out: "",
      err: "gestaloka-events: app/gestaloka_events.py: is a directory; name a file (docs/errors.md#misuse)\n",
    });
  });
});

describe("gestaloka-events diff", () => {
  async function snapshots(): Promise<void> {
    await call("export", "snapshot", "--out", "docs/contract");
    const old = JSON.parse(readFileSync(join(cwd, "docs/contract/contract.json"), "utf8")) as { events: unknown[] };
    writeFileSync(join(cwd, "new.json"), JSON.stringify({ ...old, events: old.events.slice(1) }));
  }
  it("exits 0, 1 and 2 for safe, breaking and misuse", async () => {
    await snapshots();
    expect(await call("diff", "docs/contract/contract.json")).toMatchObject({
      code: 0,
      out: expect.stringContaining("Safe"),
    });
    expect(await call("diff", "docs/contract/contract.json", "new.json")).toMatchObject({
      code: 1,
      out: expect.stringContaining("EVENT_NO_DELETE"),
    });
    // As some editors save it.
    writeFileSync(join(cwd, "marked.json"), `\ufeff${readFileSync(join(cwd, "docs/contract/contract.json"), "utf8")}`);
    expect(await call("diff", "marked.json")).toMatchObject({ code: 0, err: "" });
    expect(await call("diff", "none.json")).toMatchObject({ code: 2 });
    expect(await call("diff")).toMatchObject({ code: 2 });
    expect(await call("diff", "new.json", "--format", "xml")).toMatchObject({ code: 2 });
  });
  it("lets an ignore list have its say, and refuses one without a reason", async () => {
    await snapshots();
    writeFileSync(
      join(cwd, "ignore.yaml"),
      "- rule: EVENT_NO_DELETE\n  reason: nobody listens\n  expires: 2999-12-31\n",
    );
    expect(await call("diff", "docs/contract/contract.json", "new.json", "--ignore", "ignore.yaml")).toMatchObject({
      code: 0,
      out: expect.stringContaining("(nobody listens)"),
    });
    writeFileSync(join(cwd, "ignore.yaml"), "# Nothing is ignored.\n");
    expect(await call("diff", "docs/contract/contract.json", "new.json", "--ignore", "ignore.yaml")).toMatchObject({
      code: 1,
    });
    writeFileSync(
      join(cwd, "ignore.yaml"),
      "- rule: EVENT_NO_DELETE\n  reason: nobody listens\n  expires: 2020-12-31\n",
    );
    expect(await call("diff", "docs/contract/contract.json", "new.json", "--ignore", "ignore.yaml")).toMatchObject({
      code: 1,
      out: expect.stringContaining("expired   EVENT_NO_DELETE: it was ignored until 2020-12-31"),
    });
    writeFileSync(join(cwd, "ignore.yaml"), "- rule: EVENT_NO_DELETE\n  expires: 2999-12-31\n");
    expect(await call("diff", "docs/contract/contract.json", "new.json", "--ignore", "ignore.yaml")).toMatchObject({
      code: 2,
      err: expect.stringContaining("reason"),
    });
  });
  it("reads a snapshot or a module out of a commit", async () => {
    await snapshots();
    mkdirSync(join(cwd, "src"));
    const module = (name: string) => `import * as z from "${import.meta.resolve("zod/v4").replace("file://", "")}";
import { defineContract, defineEvent } from "@gestaloka/events";
const event = defineEvent({ name: "${name}", appName: "a:b", audience: "socket", payload: z.object({ text: z.string() }), lane: "normal", recover: false, summary: "S.", since: "1.0.0", examples: { valid: [{ text: "" }], invalid: [{ path: "text", payload: {} }] } });
export default defineContract({ name: "own", version: "1.0.0", events: [event], commands: [], rooms: {} });
`;
    writeFileSync(join(cwd, "src/contract.ts"), module("first"));
    git("init", "-q");
    git("add", "-A");
    git("commit", "-q", "-m", "first");
    expect(await call("diff", "git:HEAD")).toMatchObject({ code: 0 });
    writeFileSync(join(cwd, "src/contract.ts"), module("second"));
    expect(await call("diff", "git:HEAD:src/contract.ts", "src/contract.ts")).toMatchObject({
      code: 1,
      out: expect.stringContaining("EVENT_NO_DELETE  event first"),
    });
    expect(await call("diff", "git:nowhere")).toMatchObject({ code: 2, err: expect.not.stringContaining("; commit") });
    git("rm", "-q", "--cached", "docs/contract/contract.json");
    git("commit", "-q", "-m", "second");
    expect(await call("diff", "git:HEAD")).toMatchObject({
      code: 2,
      err: expect.stringMatching(
        /fatal: path .*; commit what export snapshot writes, or write git:REF:PATH \(docs\/errors\.md#misuse\)\n/,
      ),
    });
    expect(await call("diff", "git:HEAD:src/none.ts")).toMatchObject({
      code: 2,
      err: expect.stringMatching(
        /^gestaloka-events: git:HEAD:src\/none\.ts: there is no such file \(docs\/errors\.md#misuse\)\n/,
      ),
    });
    expect(await call("diff", "git:--output=x")).toMatchObject({ code: 2 });
  });
  it("says that git is not there", async () => {
    vi.stubEnv("PATH", cwd);
    const { code, err } = await call("diff", "git:HEAD").finally(() => vi.unstubAllEnvs());
    expect(err).toMatch(/^gestaloka-events: git is not installed, or not on the PATH \(/);
    expect(code).toBe(2);
  });
  it("finds what a module of a commit imports in the project that it is of, as in a repository of several", async () => {
    const text = `import { contract } from "somewhere";\nexport default contract;\n`;
    mkdirSync(join(cwd, "web/src"), { recursive: true });
    writeFileSync(join(cwd, "web/src/contract.ts"), text);
    writeFileSync(join(cwd, "web/package.json"), "{}\n");
    writeFileSync(join(cwd, ".gitignore"), "node_modules\n");
    git("init", "-q");
    git("add", "-A");
    git("commit", "-q", "-m", "first");
    mkdirSync(join(cwd, "web/node_modules/somewhere"), { recursive: true });
    writeFileSync(
      join(cwd, "web/node_modules/somewhere/index.js"),
      `module.exports = require(${JSON.stringify(join(import.meta.dirname, "../../dist/schemas.cjs"))});\n`,
    );
    expect(await call("diff", "git:HEAD:web/src/contract.ts", "web/src/contract.ts")).toMatchObject({
      code: 0,
      err: "",
    });
    cwd = join(cwd, "web");
    expect(await call("diff", "git:HEAD:src/contract.ts", "src/contract.ts")).toMatchObject({ code: 0, err: "" });
  });
  it("lays a commit out around what it holds of packages itself, and what it leaves out of archives", async () => {
    const write = (path: string, text: string) => {
      mkdirSync(dirname(join(cwd, path)), { recursive: true });
      writeFileSync(join(cwd, path), text);
    };
    write(
      "contract.ts",
      `import { kept } from "./fixture/index.js";
import { defineContract } from "@gestaloka/events";
export default defineContract({ name: kept, version: "1.0.0", events: [], commands: [], rooms: {} });
`,
    );
    write("fixture/package.json", "{}");
    write("fixture/index.ts", 'export { kept } from "kept";\n');
    write("fixture/node_modules/kept/index.js", 'exports.kept = "own";\n');
    write("site/package.json", "{}");
    write(".gitattributes", "/site export-ignore\n");
    git("init", "-q");
    git("add", "-A");
    git("commit", "-q", "-m", "first");
    write("site/node_modules/other/index.js", "");
    write("fixture/node_modules/other/index.js", "");
    expect(await call("diff", "git:HEAD:contract.ts", "contract.ts")).toMatchObject({ code: 0, err: "" });
  });
  it("reads a commit of a workspace with the packages of that commit, wherever its others are installed", async () => {
    const top = cwd;
    const write = (path: string, text: string) => {
      mkdirSync(dirname(join(top, path)), { recursive: true });
      writeFileSync(join(top, path), text);
    };
    // A package is installed beside who needs it, or at the top.
    const install = (folder: string, name: string, target: string) => {
      const path = join(top, folder, "node_modules", name);
      mkdirSync(dirname(path), { recursive: true });
      symlinkSync(target, path, "dir");
    };
    const fields = (named: string) =>
      write(
        "packages/fields/index.ts",
        `import * as z from "zod/v4";\nexport const payload = z.object({ ${named} });\n`,
      );
    write(".gitignore", "node_modules\n");
    write("packages/fields/package.json", '{ "name": "@own/fields", "type": "module", "exports": "./index.ts" }');
    write("packages/app/package.json", '{ "name": "@own/app", "type": "module" }');
    install("packages/fields", "zod", resolve("node_modules/zod"));
    install(".", "@own/fields", "../../packages/fields");
    write(
      "packages/app/contract.ts",
      `import { payload } from "@own/fields";
import { defineContract, defineEvent } from "@gestaloka/events";
const event = defineEvent({ name: "first", appName: "a:b", audience: "socket", payload, lane: "normal", recover: false, summary: "S.", since: "1.0.0", examples: { valid: [{ text: "" }], invalid: [{ path: "text", payload: { text: 1 } }] } });
export default defineContract({ name: "own", version: "1.0.0", events: [event], commands: [], rooms: {} });
`,
    );
    fields("text: z.string()");
    git("init", "-q");
    git("add", "-A");
    git("commit", "-q", "-m", "first");
    fields("text: z.string().optional()");
    cwd = join(top, "packages/app");
    const found = await call("diff", "git:HEAD:contract.ts", "contract.ts");
    cwd = top;
    expect(found).toMatchObject({ code: 1, out: expect.stringContaining("FIELD_NO_OPTIONAL  event first: text") });
  }, 60_000);
});
