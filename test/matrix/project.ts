import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { installPackages, runProgram } from "../support/program.js";

const root = resolve(import.meta.dirname, "../..");

/** npm's names of packages, with the ranges that are wanted of them. */
export type Packages = Readonly<Record<string, string>>;

/** How a project comes by its packages: from the registry, or from what this checkout has installed. */
export type Supply = "registry" | "installed";

/** The packed package: as the tarball that npm takes, and unpacked. */
export interface Packed {
  readonly tarball: string;
  readonly unpacked: string;
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Packages;
  readonly devDependencies?: Packages;
  readonly peerDependencies?: Packages;
  readonly exports?: Readonly<Record<string, unknown>>;
}

export const manifestOf = (folder: string) =>
  JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;

/** This package's own manifest. */
export const manifest = manifestOf(root);

/** A project of somebody else's, in a folder of its own, that has the package installed. */
export class Project {
  readonly folder: string;

  constructor(parent: string, packed: Packed, packages: Packages, supply: Supply) {
    this.folder = mkdtempSync(join(parent, "project-"));
    this.write("package.json", JSON.stringify({ name: "somebody-s", private: true, type: "module" }));
    cpSync(join(import.meta.dirname, "programs"), this.folder, { recursive: true });
    if (supply === "registry") this.#install(packed, packages);
    else this.#link(packed, packages);
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(join(this.folder, file)), { recursive: true });
    writeFileSync(join(this.folder, file), text);
  }

  /** The version of a package that is installed here. */
  versionOf(name: string): string {
    return manifestOf(join(this.folder, "node_modules", name)).version;
  }

  /** Runs a program to its end; gives what it wrote. @throws {ProgramFailed} */
  run(program: string, ...args: readonly string[]): string {
    return runProgram(this.folder, program, ...args);
  }

  /** Runs one of `programs/` under Node. */
  node(...args: readonly string[]): string {
    return this.run(process.execPath, ...args);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  #install({ tarball }: Packed, packages: Packages): void {
    installPackages(this.folder, packages, tarball);
  }

  #link({ unpacked }: Packed, packages: Packages): void {
    // A copy, so that what it imports is looked for here and not beside its sources.
    cpSync(unpacked, join(this.folder, "node_modules", manifest.name), { recursive: true });
    for (const [name, range] of Object.entries({ ...manifest.dependencies, ...packages })) {
      const place = join(this.folder, "node_modules", name);
      mkdirSync(dirname(place), { recursive: true });
      symlinkSync(installed(name, range), place, "dir");
    }
  }
}

/** Unpacks the tarball, as npm does. */
export function unpack(tarball: string, folder: string): string {
  execFileSync("tar", ["-xzf", tarball, "-C", folder]);
  return join(folder, "package");
}

/** Where this checkout has a package: under its own name, or under an alias with its version, such as `zod-3.25`. */
function installed(name: string, range: string): string {
  const modules = join(root, "node_modules");
  const folder = dirname(join(modules, name));
  const base = name.split("/").at(-1) as string;
  const homes = readdirSync(folder)
    .filter((entry) => entry === base || entry.startsWith(`${base}-`))
    .map((entry) => join(folder, entry))
    .filter((home) => existsSync(join(home, "package.json")) && manifestOf(home).name === name);
  const exact = /^\d+(\.\d+)*$/.test(range);
  const home = exact ? homes.find((one) => `${manifestOf(one).version}.`.startsWith(`${range}.`)) : homes[0];
  if (home === undefined) throw new Error(`${name} ${range} is not installed in this checkout`);
  return home;
}
