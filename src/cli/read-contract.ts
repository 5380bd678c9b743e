import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { readSnapshot } from "../export/diff/read-snapshot.js";
import { type ContractSnapshot, toSnapshot } from "../export/snapshot.js";
import { Misuse } from "./exit-code.js";
import { readText, textOf } from "./files.js";
import { firstLineOf } from "./first-line.js";
import { layOutCommit } from "./lay-out-commit.js";
import { loadSourceContract } from "./load-source-contract.js";

/** Where `git:REF` looks for the snapshot, unless told by `git:REF:PATH`. */
const SNAPSHOT_PATH = "docs/contract/contract.json";

/**
 * Reads one side of a comparison: a contract module, a snapshot, or either out of a commit (`git:REF`,
 * `git:REF:PATH`); without a name, the default contract.
 *
 * @throws {Misuse} for what is not there or is no contract.
 */
export async function readContract(name: string | undefined, cwd: string): Promise<ContractSnapshot> {
  const commit = name === undefined ? null : /^git:([^:]+)(?::(.+))?$/.exec(name);
  if (!commit && name?.startsWith("git:")) throw new Misuse(`${name}: write git:REF or git:REF:PATH`);
  if (commit) return await fromCommit(commit[1] as string, commit[2], cwd);
  if (!name?.endsWith(".json")) return toSnapshot(await loadSourceContract(name, cwd));
  return parsed(readText(resolve(cwd, name), name), name);
}

async function fromCommit(ref: string, named: string | undefined, cwd: string): Promise<ContractSnapshot> {
  // A name that begins with a dash would be read as an option.
  if (ref.startsWith("-")) throw new Misuse(`git:${ref}: write a commit, a branch or a tag`);
  const path = named ?? SNAPSHOT_PATH;
  if (path.endsWith(".json")) {
    const hint = named === undefined ? "; commit what export snapshot writes, or write git:REF:PATH" : "";
    const called = `git:${ref}:${path}`;
    return parsed(textOf(git(["show", `${ref}:./${path}`], cwd, hint), called), called);
  }
  // A module imports others.
  const folder = mkdtempSync(join(tmpdir(), "gestaloka-events-"));
  try {
    const root = git(["rev-parse", "--show-toplevel"], cwd).toString("utf8").trim();
    const prefix = git(["rev-parse", "--show-prefix"], cwd).toString("utf8").trim();
    layOutCommit(ref, root, folder, (...args) => git(args, root));
    return toSnapshot(await loadSourceContract(join(folder, prefix, path), cwd, `git:${ref}:${path}`));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

// What git itself says of a path that is not in the commit does not say what to do: `absent` does.
function git(args: readonly string[], cwd: string, absent = ""): Buffer {
  try {
    return execFileSync("git", args, { cwd, maxBuffer: 2 ** 30, stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT")
      throw new Misuse("git is not installed, or not on the PATH");
    const said = (error as { stderr?: Buffer }).stderr?.toString("utf8").trim().split("\n")[0];
    const hint = said?.startsWith("fatal: path ") ? absent : "";
    throw new Misuse(`git ${args.join(" ")}: ${said || "it failed"}${hint}`);
  }
}

function parsed(text: string, name: string): ContractSnapshot {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Misuse(`${name}: it is no JSON: ${firstLineOf(error)}`);
  }
  try {
    return readSnapshot(value);
  } catch (error) {
    throw new Misuse(`${name}: ${error instanceof Error ? error.message : "it is no snapshot"}`);
  }
}
