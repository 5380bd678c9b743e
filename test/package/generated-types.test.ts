import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { compileContract } from "../../src/compile/compile-contract.js";
import { defineContract, type SourceContract } from "../../src/contract/define-contract.js";
import { contract as harbour } from "../fixtures/contract.js";
import { contract as kitchen } from "../fixtures/kitchen-sink.js";
import { temporaryDirectory } from "../support/temporary-directory.js";

const root = resolve(import.meta.dirname, "../..");
const contracts: Record<string, SourceContract> = {
  harbour: harbour as unknown as SourceContract,
  kitchen: kitchen as unknown as SourceContract,
  // Nothing to import, nothing to list.
  empty: defineContract({ name: "empty", version: "1.0.0", events: [], commands: [], rooms: {} }) as never,
};

const folder = temporaryDirectory(join(root, "node_modules/.cache")).path;

// Everything that an application's compiler may be strict about.
const strictest = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  noImplicitOverride: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  isolatedModules: true,
  verbatimModuleSyntax: true,
};

function errorsOf(compiler: string, directory: string, moduleResolution: string): string {
  const dist = (name: string) => [join(root, `dist/${name}.d.ts`)];
  const compilerOptions = {
    ...strictest,
    noEmit: true,
    skipLibCheck: true,
    target: "ES2022",
    lib: ["ES2022"],
    types: [],
    module: moduleResolution === "bundler" ? "ESNext" : "NodeNext",
    moduleResolution,
    paths: {
      "@gestaloka/events/compiled": dist("compiled"),
      "@gestaloka/events/server": dist("server"),
      "@gestaloka/events/shapes": dist("shapes"),
    },
  };
  writeFileSync(join(directory, "package.json"), '{ "type": "module" }');
  writeFileSync(join(directory, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*/*.ts"] }));
  const home = join(root, "node_modules", compiler);
  const { bin } = JSON.parse(readFileSync(join(home, "package.json"), "utf8")) as { bin: { tsc: string } };
  try {
    execFileSync(process.execPath, [join(home, bin.tsc), "-p", directory], { encoding: "utf8" });
    return "";
  } catch (error) {
    return String((error as { stdout?: unknown }).stdout);
  }
}

it.each([
  ["typescript-5.9", "bundler"],
  ["typescript", "nodenext"],
  ["typescript-7.0", "bundler"],
])("what is generated compiles under %s, %s, as strictly as can be", { timeout: 120_000 }, (compiler, resolution) => {
  const directory = mkdtempSync(join(folder, "contracts-"));
  for (const [name, contract] of Object.entries(contracts)) {
    mkdirSync(join(directory, name));
    for (const { path, text } of compileContract(contract).files) writeFileSync(join(directory, name, path), text);
  }
  expect(errorsOf(compiler, directory, resolution)).toBe("");
  for (const name of Object.keys(contracts)) {
    const types = join(directory, name, "types.gen.ts");
    writeFileSync(types, readFileSync(types, "utf8").replace(/$/, `export type Wrong = No_${name};\n`));
  }
  const errors = errorsOf(compiler, directory, resolution);
  for (const name of Object.keys(contracts)) expect(errors).toContain(`'No_${name}'`);
});
