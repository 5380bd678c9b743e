import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { type CompileOptions, compileContract } from "../../compile/compile-contract.js";
import { type ListedModule, type ListKind, schemasOf, withExportList } from "../../compile/export-list.js";
import type { SourceContract } from "../../contract/define-contract.js";
import { ContractError } from "../../contract/errors.js";
import type { CliCommand } from "../command.js";
import { Misuse } from "../exit-code.js";
import { loadSourceContract } from "../load-source-contract.js";
import { packageRoot } from "../package-root.js";
import { bringUpToDate, type Wanted } from "../up-to-date.js";

/** `generate`: a contract as TypeScript beside it. */
export const generate: CliCommand = {
  usage: "generate <contract>",
  summary: "Write a contract's types, checkers and emitters as TypeScript",
  details: [
    "Writes types.gen.ts, contract.gen.ts, client.gen.ts and, where events name emitters, emitters.gen.ts beside the",
    "contract. The contract.gen.ts is the contract that applications use: it loads no schemas. The client.gen.ts is the",
    "half of it that a browser needs.",
    "",
    "Exit code: 0 written or up to date, 1 stale with --check, 2 misuse.",
  ].join("\n"),
  options: [
    { flags: "--check", description: "Write nothing; exit 1 and name the files that are stale" },
    { flags: "--exports <file>", description: "Keep the list of the payloads' types in this module up to date" },
    {
      flags: "--schemas <file>",
      description: "Keep the list of the schemas of the folder events in this module up to date",
    },
  ],
  examples: ["generate src/contract.ts", "generate --check src/contract.ts"],
  async run([file], options, io) {
    if (file === undefined) throw new Misuse("generate: name the file of the contract");
    const contract = await loadSourceContract(file, io.cwd);
    const folder = dirname(resolve(io.cwd, file));
    const lists = { types: options.text("exports"), schemas: options.text("schemas") };
    const wanted = written(contract, folder, lists, io.cwd);
    return bringUpToDate(wanted, options.flag("check"), `Run gestaloka-events generate ${file} to mend it.`, io);
  },
};

function written(
  contract: SourceContract,
  folder: string,
  lists: Record<ListKind, string | undefined>,
  cwd: string,
): Wanted[] {
  try {
    const { files, types } = compileContract(contract, ownModules(folder));
    const wanted: Wanted[] = files.map(({ path, text }) => ({ path: join(folder, path), text }));
    const emitters = join(folder, "emitters.gen.ts");
    // Those that no event names any more.
    if (!wanted.some(({ path }) => path === emitters)) wanted.push({ path: emitters, text: undefined });
    if (lists.types !== undefined) {
      wanted.push(
        exportList(resolve(cwd, lists.types), "types", [{ from: join(folder, "types.gen.js"), names: types }]),
      );
    }
    if (lists.schemas !== undefined) {
      wanted.push(exportList(resolve(cwd, lists.schemas), "schemas", schemaModules(join(folder, "events"))));
    }
    return wanted;
  } catch (error) {
    // What cannot be compiled is the contract's fault, and says so: event, path and what to write instead.
    throw error instanceof ContractError ? new Misuse(error.message) : error;
  }
}

function exportList(path: string, kind: ListKind, modules: readonly ListedModule[]): Wanted {
  const near = modules.map(({ from, names }) => ({
    from: `./${relative(dirname(path), from)}`.replace("./../", "../"),
    names,
  }));
  const text = existsSync(path) ? withExportList(readFileSync(path, "utf8"), kind, near) : undefined;
  if (text === undefined)
    throw new Misuse(`--${kind === "types" ? "exports" : "schemas"} ${basename(path)}: it has no place for the list`);
  return { path, text };
}

function schemaModules(folder: string): ListedModule[] {
  const files = existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith(".ts"))
        .sort()
    : [];
  if (files.length === 0) throw new Misuse(`--schemas: there is no folder ${folder} with modules of schemas`);
  return files
    .map((name) => ({
      from: join(folder, name.replace(/\.ts$/, ".js")),
      names: schemasOf(readFileSync(join(folder, name), "utf8")),
    }))
    .filter(({ names }) => names.length > 0);
}

// A contract inside this package imports its neighbours, not the package that it is part of.
function ownModules(folder: string): CompileOptions {
  const source = join(packageRoot(), "src");
  if (relative(source, folder).startsWith("..")) return {};
  const module = (path: string) => relative(folder, join(source, path));
  return {
    runtime: module("compiled/index.js"),
    shapes: module("shapes/index.js"),
    server: module("server/event-target.js"),
  };
}
