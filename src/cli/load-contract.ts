import { existsSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { createJiti } from "jiti";
import type { Contract } from "../contract/contract.js";
import { defaultContract } from "./default-contract.js";
import { Misuse } from "./exit-code.js";
import { demandFile } from "./files.js";
import { packageModules, packageRoot } from "./package-root.js";

/**
 * Loads the contract of a TypeScript or JavaScript file: its default export, or the one named `contract`. Without a
 * file, the default contract. What is wrong with the file is told under the name `called`.
 *
 * @throws {Misuse} when the file is not there, fails to load, or exports no contract.
 */
export async function loadContract(
  file: string | undefined,
  cwd: string,
  called = `--contract ${file}`,
): Promise<Contract> {
  if (file === undefined) return await defaultContract();
  const path = resolve(cwd, file);
  demandFile(path, called);
  let module: Readonly<Record<string, unknown>>;
  try {
    const jiti = createJiti(path, { fsCache: false, interopDefault: false, jsx: true, alias: ownEntries(path) });
    module = await jiti.import(path);
  } catch (error) {
    throw new Misuse(`${called}: it cannot be loaded: ${reasonOf(error)}`);
  }
  const inner = module.default as Readonly<Record<string, unknown>> | undefined;
  // The module itself is what CommonJS exports by `export =`.
  const found = [module.default, module.contract, module, inner?.default, inner?.contract].find(isContract);
  if (!found) {
    throw new Misuse(`${called}: export a contract as default or as contract: export default defineContract({ … })`);
  }
  return found;
}

// What an import of a package that is not there asks for, in place of the stack of files that led to it.
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "it throws";
  const missing = /^Cannot find (?:module|package) '((?:@[^/']+\/)?[^./'][^/']*)/.exec(error.message)?.[1];
  if (missing === undefined) return error.message.replace(/\s*\n\s*/g, " ");
  // No package has a name as @, ~ or $lib.
  if (!/^(?:@[\w.-]+\/)?\w[\w.-]*$/.test(missing))
    return `${missing}/… is no package: for paths of tsconfig.json set JITI_TSCONFIG_PATHS=true`;
  return `${missing} is not installed: npm install ${missing}`;
}

// Where the project of the contract has the package installed, its copy serves; otherwise, this one: the built files
// beside this one, or the sources.
function ownEntries(contractFile: string): Record<string, string> {
  const require = createRequire(contractFile);
  const root = packageRoot();
  // The longest names first: an alias also replaces the beginning of a longer name.
  const names = packageModules().sort((one, other) => other.length - one.length);
  const own = names.flatMap((name) => {
    const installed = resolved(require, name);
    if (installed !== undefined && relative(root, installed).startsWith("..")) return [];
    const entry = name.split("/")[2] ?? "index";
    const built = fileURLToPath(new URL(`./${entry}.js`, import.meta.url));
    return [[name, existsSync(built) ? built : join(root, "src", "entry", `${entry}.ts`)]];
  });
  return Object.fromEntries(own) as Record<string, string>;
}

function resolved(require: NodeJS.Require, name: string): string | undefined {
  try {
    const path = require.resolve(name);
    return existsSync(path) ? realpathSync(path) : undefined;
  } catch {
    return undefined;
  }
}

function isContract(value: unknown): value is Contract {
  if (typeof value !== "object" || value === null) return false;
  const { name, events, commands, roomKinds } = value as Readonly<Record<string, unknown>>;
  return (
    typeof name === "string" &&
    [events, commands, roomKinds].every((map) => typeof (map as Map<string, unknown> | undefined)?.get === "function")
  );
}
