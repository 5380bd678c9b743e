import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { exportDocument, exportFormats } from "../../export/documents.js";
import type { CliCommand } from "../command.js";
import { exitCode, Misuse } from "../exit-code.js";
import { loadSourceContract } from "../load-source-contract.js";

/** `export`: a contract in other languages. */
export const exportContract: CliCommand = {
  usage: "export <format> [contract]",
  summary: "Write a contract as JSON Schema, AsyncAPI, Python, Markdown or a snapshot",
  details: `Formats: ${exportFormats.join(", ")}, or all, which needs --out.
Without --out the text goes to stdout. The snapshot is what diff compares with.

Exit code: 0 written or up to date, 1 stale with --check, 2 misuse.`,
  options: [
    { flags: "--out <folder>", description: "Write the file into this folder" },
    { flags: "--check", description: "Write nothing; exit 1 and name the files of --out that are stale" },
  ],
  examples: [
    "export python --out app/",
    "export python --out app/ --check",
    "export all src/contract.ts --out docs/contract",
  ],
  async run([format, file], options, io) {
    const formats = format === "all" ? exportFormats : exportFormats.filter((candidate) => candidate === format);
    if (formats.length === 0) throw new Misuse(`export: write ${exportFormats.join(", ")} or all`);
    const out = options.text("out");
    const check = options.flag("check");
    if (out === undefined && (check || format === "all")) throw new Misuse("export: name the folder with --out");
    const contract = await loadSourceContract(file, io.cwd);
    const documents = formats.map((each) => exportDocument(contract, each));
    if (out === undefined) {
      for (const { text } of documents) io.stdout.write(text);
      return exitCode.ok;
    }
    const wanted = documents.map(({ file: name, text }) => ({ path: join(resolve(io.cwd, out), name), text }));
    const stale = wanted.filter(({ path, text }) => !existsSync(path) || readFileSync(path, "utf8") !== text);
    const show = (path: string) => relative(io.cwd, path);
    if (check) {
      for (const { path } of stale) io.stderr.write(`${show(path)} is stale\n`);
      if (stale.length > 0) io.stderr.write("Run the same command without --check to mend it.\n");
      return stale.length > 0 ? exitCode.found : exitCode.ok;
    }
    for (const { path, text } of stale) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
    io.stdout.write(
      stale.length === 0 ? "nothing to write\n" : stale.map(({ path }) => `wrote ${show(path)}\n`).join(""),
    );
    return exitCode.ok;
  },
};
