import { manifest, type Packages, type Project } from "./project.js";

/** One entry of the matrix: a project with some packages beside this one, and what has to work in it. */
export interface Check {
  readonly name: string;
  readonly packages: Packages;
  /** Needs nothing but what this checkout has installed, and seconds. */
  readonly quick?: boolean;
  /** @throws what went wrong */
  run(project: Project): void | Promise<void>;
}

/** Every optional peer, so that every subpath can be loaded. */
export const peers: Packages = manifest.peerDependencies ?? {};

/** The package's subpaths, as they are imported. */
export const subpaths = Object.keys(manifest.exports ?? {})
  .filter((path) => path !== "./package.json")
  .map((path) => path.replace(/^\./, manifest.name));

/** @throws when the words of a program are not the expected ones */
export function expectOutput(output: string, expected: string): void {
  if (output.trim() !== expected)
    throw new Error(`expected ${JSON.stringify(expected)}, got ${JSON.stringify(output)}`);
}

/** @throws when another version was installed than the entry is about */
export function expectVersion(project: Project, name: string, prefix: string): void {
  const version = project.versionOf(name);
  if (!`${version}.`.startsWith(`${prefix}.`)) throw new Error(`${name} is ${version}, not ${prefix}`);
}
