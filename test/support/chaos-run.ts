import { execFile } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

interface Figures {
  readonly [name: string]: unknown;
  readonly pass: boolean;
}

/** Runs the harness as `npm run chaos` does; its last line, whatever its exit code. */
export function chaos(...args: readonly string[]): Promise<{ figures: Figures; code: number; story: string }> {
  return new Promise((resolve, reject) => {
    const command = ["--import", "jiti/register", "test/chaos/main.ts", "--json", ...args];
    execFile(process.execPath, command, { cwd: root, maxBuffer: 2 ** 24 }, (error, stdout, stderr) => {
      const last = stdout.trimEnd().split("\n").at(-1) ?? "";
      if (!last.startsWith("{")) reject(new Error(`no figures: ${stderr}`));
      else resolve({ figures: JSON.parse(last) as Figures, code: Number(error?.code ?? 0), story: stderr });
    });
  });
}
