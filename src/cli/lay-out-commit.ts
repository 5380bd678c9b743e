import { execFileSync } from "node:child_process";
import { existsSync, lstatSync, mkdirSync, readdirSync, realpathSync, symlinkSync } from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";

/** Runs git in the repository's top folder. */
type Git = (...args: readonly string[]) => Buffer;

/**
 * Lays a whole commit out in an empty folder, beside the packages that are installed now; the repository's own packages,
 * which workspaces link, are those of the commit.
 */
export function layOutCommit(ref: string, root: string, folder: string, git: Git): void {
  execFileSync("tar", ["-x", "-C", folder], { input: git("archive", "--format=tar", ref) });
  const manifests = git("ls-tree", "-r", "-z", "--name-only", ref).toString("utf8").split("\0");
  const packages = manifests.filter((path) => basename(path) === "package.json").map(dirname);
  for (const at of new Set([".", ...packages])) {
    const installed = join(root, at, "node_modules");
    if (existsSync(installed)) linkPackages(installed, join(folder, at, "node_modules"));
  }

  function linkPackages(from: string, to: string): void {
    // What the commit holds itself, as the packages of a fixture, stays; what it leaves out of archives has no folder.
    mkdirSync(to, { recursive: true });
    for (const name of readdirSync(from)) {
      const [source, target] = [join(from, name), join(to, name)];
      if (name.startsWith("@")) linkPackages(source, target);
      else if (existsSync(source) && !lstatSync(target, { throwIfNoEntry: false })) {
        const near = relative(root, realpathSync(source));
        const isOwn = !near.split(sep).some((step) => step === ".." || step === "node_modules");
        symlinkSync(isOwn ? join(folder, near) : source, target);
      }
    }
  }
}
