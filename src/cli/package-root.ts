import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const NAME = "@gestaloka/events";

interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly exports?: Readonly<Record<string, unknown>>;
}

/** The directory of this package, found from this file: built or not, the files beside it are the same. */
export function packageRoot(): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    if (manifestOf(directory)?.name === NAME) return directory;
    const parent = dirname(directory);
    if (parent === directory) throw new Error(`the package.json of ${NAME} is missing`);
    directory = parent;
  }
}

/** The version of this package. */
export function packageVersion(): string {
  return manifestOf(packageRoot())?.version ?? "unknown";
}

/** The modules that this package exports, by the names under which they are imported. */
export function packageModules(): string[] {
  const { exports = {} } = manifestOf(packageRoot()) ?? {};
  return Object.keys(exports)
    .filter((subpath) => !subpath.endsWith(".json"))
    .map((subpath) => NAME + subpath.slice(1));
}

function manifestOf(directory: string): Manifest | undefined {
  const file = join(directory, "package.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Manifest) : undefined;
}
