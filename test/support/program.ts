import { spawnSync } from "node:child_process";

/** A program that failed, with the beginning of what it wrote. */
export class ProgramFailed extends Error {}

/** Runs a program in a folder, to its end; gives what it wrote. @throws {ProgramFailed} */
export function runProgram(cwd: string, program: string, ...args: readonly string[]): string {
  const { status, signal, stdout, stderr } = spawnSync(program, args, {
    cwd,
    encoding: "utf8",
    timeout: 300_000,
    env: { ...process.env, NODE_ENV: undefined, NODE_PATH: undefined },
  });
  if (status === 0) return stdout;
  const said = `${stdout}${stderr}`.slice(0, 4_000);
  throw new ProgramFailed(`${program} ${args.join(" ")} ended with ${status ?? signal}:\n${said}`);
}

/** Installs packages into a folder that has a `package.json`: tarballs, or names with their ranges, from the registry. */
export function installPackages(
  folder: string,
  packages: Readonly<Record<string, string>>,
  ...tarballs: readonly string[]
): void {
  const specs = Object.entries(packages).map(([name, range]) => `${name}@${range}`);
  const quietly = ["--no-audit", "--no-fund", "--prefer-offline", "--loglevel", "error"];
  runProgram(folder, "npm", "install", ...quietly, ...tarballs, ...specs);
}
