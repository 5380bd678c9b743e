import { cpSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");

/** Puts the built package's types into a folder as npm would: found by its name and its list of exports. */
export function installTypes(folder: string): void {
  const installed = join(folder, "node_modules/@gestaloka/events");
  cpSync(join(root, "dist"), join(installed, "dist"), { recursive: true, filter: (path) => !/\.[cm]?js$/.test(path) });
  cpSync(join(root, "package.json"), join(installed, "package.json"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
}
