import { existsSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { exportDocument, exportFormats } from "../../export/documents.js";
import type { CliCommand } from "../command.js";
import { exitCode, Misuse } from "../exit-code.js";
import { loadSourceContract } from "../load-source-contract.js";
import { bringUpToDate } from "../up-to-date.js";

/** `export`: a contract in other languages. */
export const exportContract: CliCommand = {
  usage: "export <format> [contract]",
  summary: "Write a contract as JSON Schema, AsyncAPI, Python, Markdown or a snapshot",
  details: `Formats, and the file that each writes into the folder of --out:
  json-schema  json-schema.json, JSON Schema 2020-12: each payload's writer and reader form
  asyncapi     asyncapi.yaml, AsyncAPI 3
  python       NAME_events.py, one module for a Python backend: models, validate, emitters over python-socketio
  markdown     catalogue.md, for people
  snapshot     contract.json, which diff compares with
  all          all of these; needs --out
Without --out the text goes to stdout. Without a contract, the one that this package ships is meant; otherwise name the
module that calls defineContract.

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
    if (out !== undefined) refuseFile(resolve(io.cwd, out), out);
    const contract = await loadSourceContract(file, io.cwd);
    const documents = formats.map((each) => exportDocument(contract, each));
    if (out === undefined) {
      for (const { text } of documents) io.stdout.write(text);
      return exitCode.ok;
    }
    const wanted = documents.map(({ file: name, text }) => ({ path: join(resolve(io.cwd, out), name), text }));
    return bringUpToDate(wanted, check, "Run the same command without --check to mend it.", io);
  },
};

// --out names a folder, which need not be there yet; a file in its place, or on the way to it, is a mistake.
function refuseFile(path: string, out: string): void {
  const parent = dirname(path);
  if (!existsSync(path)) {
    if (parent !== path) refuseFile(parent, out);
  } else if (!statSync(path).isDirectory()) {
    throw new Misuse(`--out ${out}: there is a file of that name; name a folder`);
  }
}
