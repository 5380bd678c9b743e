import { existsSync, readFileSync, statSync } from "node:fs";
import { relative } from "node:path";
import { Misuse } from "./exit-code.js";
import { EncodingError, withoutMark } from "./input/encoding.js";

const reasons: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  ENOENT: "there is no such file",
  EISDIR: "is a directory; name a file",
  ENOTDIR: "a file stands where a folder must",
  EROFS: "the file system is read-only",
  ENOSPC: "no space is left",
};

/** Says in a few words why something cannot be read or written. */
export function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return reasons[code ?? ""] ?? code ?? (error instanceof Error ? error.message : "it cannot be read");
}

/**
 * What the system said of a file, in one sentence; `undefined` for any other error. A file is named as seen from `cwd`.
 */
export function fileTrouble(error: unknown, cwd: string): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, syscall, path } = error as NodeJS.ErrnoException;
  if (syscall === undefined || (path === undefined && !reasons[code ?? ""])) return undefined;
  // What is not there is the folder in which a file was to be written: what is to be read was looked for before.
  const absent = syscall === "mkdir" ? "no folder can be made there" : "there is no such folder";
  const reason = code === "ENOENT" ? absent : reasonOf(error);
  if (path === undefined) return reason;
  const near = relative(cwd, path);
  return `${near === "" || near.startsWith("..") ? path : near}: ${reason}`;
}

/** Checks that a file is there; what is wrong is told under the name `called`. @throws {Misuse} */
export function demandFile(path: string, called: string): void {
  if (!existsSync(path)) throw new Misuse(`${called}: there is no such file`);
  const found = statSync(path);
  if (found.isDirectory()) throw new Misuse(`${called}: is a directory; name a file`);
  if (!found.isFile()) throw new Misuse(`${called}: is no regular file`);
}

/** Reads a file of text whole; what is wrong with it is told under the name `called`. @throws {Misuse} */
export function readText(path: string, called: string): string {
  demandFile(path, called);
  return textOf(readFileSync(path), called);
}

/** The text of a file's bytes. @throws {Misuse} for UTF-16, which some shells write. */
export function textOf(bytes: Buffer, called: string): string {
  try {
    return withoutMark(bytes).toString("utf8");
  } catch (error) {
    throw error instanceof EncodingError ? new Misuse(`${called}: ${error.message}`) : error;
  }
}
