import { execFileSync } from "node:child_process";
import { resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");

/** Packs what was built into a folder, as it would be published; gives the tarball's path. */
export function pack(folder: string): string {
  const output = execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], {
    cwd: root,
    encoding: "utf8",
  });
  const packed: unknown = JSON.parse(output);
  const [first] = Array.isArray(packed) ? packed : Object.values(packed as object);
  return resolve(folder, (first as { filename: string }).filename);
}
