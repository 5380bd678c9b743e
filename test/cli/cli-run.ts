import { Readable } from "node:stream";
import { run } from "../../src/cli/run.js";

/** What a run of the CLI left behind. */
export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliSurroundings {
  readonly cwd?: string;
  readonly stdin?: string | readonly Uint8Array[];
  readonly env?: Readonly<Record<string, string>>;
  readonly tty?: boolean;
}

/** Runs the CLI in this process, with streams of its own. */
export async function runCli(argv: readonly string[], surroundings: CliSurroundings = {}): Promise<CliResult> {
  const { cwd = process.cwd(), stdin = "", env = {}, tty = false } = surroundings;
  const written = { stdout: "", stderr: "" };
  const output = (name: "stdout" | "stderr") => ({
    isTTY: tty,
    write: (text: string) => {
      written[name] += text;
    },
  });
  const code = await run(argv, {
    stdin: Readable.from(typeof stdin === "string" ? [Buffer.from(stdin)] : stdin),
    stdout: output("stdout"),
    stderr: output("stderr"),
    env,
    cwd,
  });
  return { code, ...written };
}
