import { type ChildProcessByStdio, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";

const PYTHON = process.env.PYTHON ?? "/usr/bin/python3";
const script = fileURLToPath(new URL("../interop/gestaloka_validate.py", import.meta.url));

/** What a generated Python module says of a payload: `null` for a yes, else its first issue. */
export type PythonVerdict = readonly [path: string, expected: string, got: string] | null;

/** A payload as the process takes it: the module's number, then what it is and who judges. */
export type PythonCase = readonly [module: number, kind: string, name: string, role: string, payload: unknown];

/** The versions of what judges: `Python 3.11.2, pydantic 1.10.4`. */
export function pythonVersions(): string {
  const code = "import sys, pydantic; print('Python %d.%d.%d, pydantic' % sys.version_info[:3], pydantic.VERSION)";
  return spawnSync(PYTHON, ["-c", code], { encoding: "utf8" }).stdout.trim();
}

/** One Python process that judges by generated modules. */
export class PythonJudge {
  readonly #folder = mkdtempSync(join(tmpdir(), "gestaloka-events-python-"));
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  readonly #answers: AsyncIterator<string>;

  constructor(modules: readonly string[]) {
    const paths = modules.map((text, i) => {
      const path = join(this.#folder, `module_${i}.py`);
      writeFileSync(path, text);
      return path;
    });
    this.#process = spawn(PYTHON, ["-B", script, ...paths], {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, PYTHONIOENCODING: "utf-8" },
    });
    this.#answers = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  async judge(cases: readonly PythonCase[]): Promise<PythonVerdict[]> {
    this.#process.stdin.write(`${JSON.stringify(cases)}\n`);
    const { value, done } = await this.#answers.next();
    if (done) throw new Error(`${PYTHON} ended before it answered`);
    return JSON.parse(value) as PythonVerdict[];
  }

  close(): void {
    this.#process.stdin.end();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
