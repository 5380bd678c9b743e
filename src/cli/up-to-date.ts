import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, relative } from "node:path";
import { exitCode } from "./exit-code.js";
import type { Io } from "./io.js";

/** A file as it should be. */
export interface Wanted {
  readonly path: string;
  /** `undefined` for one that should not be there. */
  readonly text: string | undefined;
}

/** Writes the files that are stale, or with `check` names them alone and says what to do; returns the exit code. */
export function bringUpToDate(wanted: readonly Wanted[], check: boolean, advice: string, io: Io): number {
  const stale = wanted.filter(isStale);
  const show = (path: string) => relative(io.cwd, path);
  if (check) {
    for (const { path } of stale) io.stderr.write(`${show(path)} is stale\n`);
    if (stale.length > 0) io.stderr.write(`${advice}\n`);
    return stale.length > 0 ? exitCode.found : exitCode.ok;
  }
  for (const { path, text } of stale) {
    if (text === undefined) {
      rmSync(path);
      continue;
    }
    makeFolder(dirname(path));
    writeFileSync(path, text);
  }
  io.stdout.write(
    stale.length === 0
      ? "nothing to write\n"
      : stale.map(({ path, text }) => `${text === undefined ? "removed" : "wrote"} ${show(path)}\n`).join(""),
  );
  return exitCode.ok;
}

// Whether a file is not as it should be; with which line ends it was checked out is git's affair.
function isStale({ path, text }: Wanted): boolean {
  if (text === undefined) return existsSync(path);
  if (!existsSync(path)) return true;
  try {
    return readFileSync(path, "utf8").replaceAll("\r\n", "\n") !== text.replaceAll("\r\n", "\n");
  } catch (error) {
    // What fails after the file was opened does not say which file it was.
    throw Object.assign(error as Error, { path });
  }
}

// mkdir's own way to make the folders around one never ends where a file system takes none, as /proc does.
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!existsSync(path)) throw error;
  }
}
