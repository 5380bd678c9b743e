import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { build } from "esbuild";

/** The CLI as one file, built from the sources of now. */
export interface CliBundle {
  readonly file: string;
  remove(): void;
}

/** Bundles the CLI to a place from which it finds its dependencies. */
export async function bundleCli(): Promise<CliBundle> {
  const cache = resolve("node_modules/.cache");
  mkdirSync(cache, { recursive: true });
  const directory = mkdtempSync(join(cache, "events-cli-"));
  const file = join(directory, "cli.js");
  const options = { bundle: true, platform: "node", format: "esm", target: "node20", packages: "external" } as const;
  await build({ entryPoints: ["src/cli/cli.ts"], outfile: file, logLevel: "silent", ...options });
  return { file, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

/** Bundles the CLI to a folder of its own, beside the packages that it depends on and none of its peers. */
export async function bundleCliAlone(): Promise<CliBundle> {
  const directory = mkdtempSync(join(tmpdir(), "events-cli-"));
  const { dependencies } = JSON.parse(readFileSync("package.json", "utf8")) as { dependencies: object };
  mkdirSync(join(directory, "node_modules"));
  for (const name of Object.keys(dependencies))
    symlinkSync(resolve("node_modules", name), join(directory, "node_modules", name), "dir");
  cpSync("package.json", join(directory, "package.json"));
  const options = { bundle: true, platform: "node", format: "esm", target: "node20", packages: "external" } as const;
  // Split as the published one is: what a command alone needs is loaded with it.
  await build({ entryPoints: ["src/cli/cli.ts"], outdir: directory, splitting: true, logLevel: "silent", ...options });
  return { file: join(directory, "cli.js"), remove: () => rmSync(directory, { recursive: true, force: true }) };
}

/** Runs a script of Node in a process of its own, to its end. */
export async function spawnNode(
  argv: readonly string[],
  { stdin, nodeOptions = "", env }: { stdin?: string | Readable; nodeOptions?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const child = spawn(process.execPath, argv, {
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, NODE_OPTIONS: nodeOptions, FORCE_COLOR: undefined, ...env },
  });
  const closed = once(child, "close") as Promise<[number | null]>;
  child.stdin.on("error", () => {});
  if (stdin === undefined || typeof stdin === "string") child.stdin.end(stdin);
  else stdin.pipe(child.stdin);
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  return { code, stdout, stderr };
}
