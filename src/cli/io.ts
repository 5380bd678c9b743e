/** Where a command writes text. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
}

/** All that a command knows of the world besides files; handed in, so that a test needs no process of its own. */
export interface Io {
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The directory that file names are relative to. */
  readonly cwd: string;
  /** Calls `stop` instead of ending the process when it is interrupted or told to end the first time, and when nobody reads what it writes any more. */
  onInterrupt?(stop: () => void): void;
}

/** Whether what goes to stdout may have colors: a terminal that shows them, and whose user wants them. */
export function isColored({ stdout, env }: Io): boolean {
  return stdout.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb";
}
