import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { glob, isDynamicPattern } from "tinyglobby";
import { Misuse } from "../exit-code.js";
import { reasonOf } from "../files.js";
import type { Io } from "../io.js";
import { fileChunks, streamChunks } from "./chunks.js";

/** Something to read. */
export interface Source {
  /** As given, or `<stdin>`. */
  readonly name: string;
  /** Bytes; `undefined` where that is not known. */
  readonly size: number | undefined;
  open(): AsyncIterable<Buffer>;
}

/** A name or pattern that leads to nothing that can be read. */
export interface Missing {
  readonly name: string;
  readonly reason: string;
}

/** Finds the files of names and glob patterns, each once, in the order given; `-` is stdin. @throws {Misuse} for an empty name. */
export async function findSources(names: readonly string[], io: Io): Promise<readonly (Source | Missing)[]> {
  const found = new Map<string, Source | Missing>();
  const add = (key: string, entry: Source | Missing) => {
    if (!found.has(key)) found.set(key, entry);
  };
  for (const name of names) {
    // A variable that is not set, in quotes: it would be the folder where one is.
    if (name === "") throw new Misuse("a name is empty: write a file, a pattern or -");
    if (name === "-") {
      add(name, { name: "<stdin>", size: undefined, open: () => streamChunks(io.stdin) });
      continue;
    }
    // A file whose name looks like a pattern is meant itself.
    const file = await fileAt(name, io.cwd);
    if (file && !("reason" in file && isDynamicPattern(name))) {
      add(resolve(io.cwd, name), file);
      continue;
    }
    const matches = isDynamicPattern(name) ? await glob(name, { cwd: io.cwd, expandDirectories: false }) : [];
    if (matches.length === 0)
      add(name, { name, reason: isDynamicPattern(name) ? "no file matches" : "there is no such file" });
    for (const match of matches.sort()) {
      add(resolve(io.cwd, match), (await fileAt(match, io.cwd)) ?? { name: match, reason: "there is no such file" });
    }
  }
  return [...found.values()];
}

async function fileAt(name: string, cwd: string): Promise<Source | Missing | undefined> {
  const path = resolve(cwd, name);
  try {
    const found = await stat(path);
    if (found.isDirectory()) return { name, reason: `is a directory; write ${name.replace(/\/$/, "")}/**/*.ndjson` };
    return { name, size: found.isFile() ? found.size : undefined, open: () => fileChunks(path) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === "ENOENT" || code === "ENOTDIR" ? undefined : { name, reason: reasonOf(error) };
  }
}
