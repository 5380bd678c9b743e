import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryDirectory } from "../support/temporary-directory.js";
import { runCli } from "./cli-run.js";

const directory = temporaryDirectory();
const good = '{"event":"pong","payload":{"timestamp":"2026-11-24T05:30:19Z"}}\n';
directory.write("b/two.ndjson", good);
directory.write("a.ndjson", good);
directory.write("b/deep/three.txt", good);
directory.write("[a].ndjson", good.repeat(3));
const read = async (argv: readonly string[], stdin = "") => {
  const result = await runCli(["validate", "--format", "json", ...argv], { cwd: directory.path, stdin });
  const { files } = JSON.parse(result.stdout) as { files: { file: string; valid: number; unreadable?: string }[] };
  return { ...result, files: files.map(({ file, valid, unreadable }) => `${file} ${unreadable ?? valid}`) };
};

describe("validate finds files", () => {
  it("by name, by pattern and on stdin, each once, in a fixed order", async () => {
    expect(await read(["**/*.ndjson", "-", "./a.ndjson", "b/two.ndjson"], good.repeat(2))).toMatchObject({
      code: 0,
      files: ["[a].ndjson 3", "a.ndjson 1", "b/two.ndjson 1", "<stdin> 2"],
    });
    expect((await read(["b/**/*.{ndjson,txt}"])).files).toEqual(["b/deep/three.txt 1", "b/two.ndjson 1"]);
    expect((await read([join(directory.path, "b", "*.ndjson")])).files).toHaveLength(1);
  });
  it("takes a file whose name looks like a pattern for itself", async () => {
    expect((await read(["[a].ndjson"])).files).toEqual(["[a].ndjson 3"]);
  });
  it("exits 2 where a file is missing, a pattern matches none or a directory is named, and still judges the rest", async () => {
    mkdirSync(join(directory.path, "dir"));
    const result = await read(["none.ndjson", "none/*.ndjson", "dir", "a.ndjson"]);
    expect(result.code).toBe(2);
    expect(result.files).toEqual([
      "none.ndjson there is no such file",
      "none/*.ndjson no file matches",
      "dir is a directory; write dir/**/*.ndjson",
      "a.ndjson 1",
    ]);
    expect(result.stderr).toContain("gestaloka-events: none.ndjson: there is no such file (docs/errors.md#misuse)\n");
  });
  it("counts as files those that it read", async () => {
    const said = async (...files: string[]) =>
      (await runCli(["validate", ...files], { cwd: directory.path })).stdout.trimEnd().split("\n").at(-1);
    expect(await said("none/*.ndjson")).toMatch(/^0 messages in 0 files as /);
    expect(await said("none.ndjson", "a.ndjson")).toMatch(/^1 message in 1 file as /);
  });
  it("exits 2 for a file in UTF-16, saying what to do", async () => {
    directory.write("wide.log", Buffer.from(`\ufeff${good}`, "utf16le"));
    expect(await read(["wide.log"])).toMatchObject({ code: 2, files: ["wide.log it is UTF-16; save it as UTF-8"] });
  });
  it("exits 2 where reading fails midway", async () => {
    const stdin = (async function* () {
      yield Buffer.from(good);
      throw Object.assign(new Error("read failed"), { code: "EIO" });
    })();
    const { run } = await import("../../src/cli/run.js");
    const written: string[] = [];
    const output = { write: (text: string) => written.push(text) };
    expect(await run(["validate", "-"], { stdin, stdout: output, stderr: output, env: {}, cwd: directory.path })).toBe(
      2,
    );
    expect(written.join("")).toContain("<stdin>: EIO");
  });
});
