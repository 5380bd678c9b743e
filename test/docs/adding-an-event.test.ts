import { execFileSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { run } from "../../src/cli/run.js";
import { temporaryDirectory } from "../support/temporary-directory.js";
import { blocksOf, root } from "./blocks.js";

const page = blocksOf("docs/adding-an-event.md");
const blockIn = (language: string) => page.find((block) => block.language === language)?.code ?? "";

const folder = temporaryDirectory().path;
beforeAll(() => {
  for (const path of ["src", "docs/contract", "package.json", "tsconfig.json", "biome.json", ".gitignore"])
    cpSync(join(root, path), join(folder, path), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "dir");
});

async function command(line: string): Promise<{ readonly code: number; readonly output: string }> {
  let output = "";
  const write = (text: string) => (output += text);
  const io = { stdin: (async function* () {})(), stdout: { write }, stderr: { write }, env: {}, cwd: folder };
  return { code: await run(line.split(" "), io), output };
}

const texts = () =>
  new Map(
    ["src", "docs"].flatMap((top) =>
      readdirSync(join(folder, top), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .map((file): [string, string] => [file.slice(folder.length + 1), readFileSync(file, "utf8")]),
    ),
  );

it("shows an event that is added by editing one file, and all that follows", { timeout: 60_000 }, async () => {
  const before = texts();
  const changed = () => [...texts()].filter(([name, text]) => before.get(name) !== text).map(([name]) => name);
  execFileSync("git", ["apply", "-"], { cwd: folder, input: blockIn("diff") });
  expect(changed()).toEqual(["src/gestaloka/events/sp.ts"]);
  execFileSync(join(root, "node_modules/.bin/biome"), ["check", "src/gestaloka/events/sp.ts"], { cwd: folder });

  const source = "src/gestaloka/contract.ts";
  await command(`generate ${source} --exports src/entry/index.ts --schemas src/entry/schemas.ts`);
  await command(`export all ${source} --out docs/contract`);
  const byHand = changed().filter((name) => !/\.gen\.ts$|^docs\/contract\//.test(name));
  expect(byHand.sort()).toEqual(["src/entry/index.ts", "src/entry/schemas.ts", "src/gestaloka/events/sp.ts"]);
  for (const [file, words] of [
    ["src/entry/index.ts", "  SpGiftedPayload,"],
    ["src/entry/schemas.ts", "  spGiftedSchema,"],
    ["src/gestaloka/types.gen.ts", '"sp:gifted": SpGiftedPayload;'],
    ["src/gestaloka/emitters.gen.ts", "  emitSpGifted(userId: string, input: SpGiftedInput"],
    ["docs/contract/gestaloka_events.py", "async def emit_sp_gifted("],
    ["docs/contract/catalogue.md", "sp_gifted"],
  ] as const)
    expect(texts().get(file), file).toContain(words);

  const judged = await command(`diff ${join(root, "docs/contract/contract.json")} ${source}`);
  expect(judged).toEqual({ code: 0, output: blockIn("text") });
});
