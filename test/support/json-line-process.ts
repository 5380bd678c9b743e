import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";

/** One line that the process wrote. */
type Line = { readonly kind: string; readonly [field: string]: unknown };

type Waiter = { readonly matches: (line: Line) => boolean; readonly take: (line: Line) => void };

type StartOptions = {
  /** How long the process may take to write its `ready` line, ms. */
  readonly readyWithinMs?: number;
  readonly env?: Readonly<Record<string, string>>;
};

const STOP_WITHIN_MS = 3_000;
const STDERR_KEPT = 64 * 1024;

/**
 * A child process spoken to in JSON lines: a command `{ id, cmd, … }` in, its `{ kind: "reply", id, … }` out, and a
 * line out for everything that happened. Its stdin ends with this process, and it ends with its stdin.
 */
class JsonLineProcess {
  /** Every line so far but the replies, in order. */
  readonly lines: Line[] = [];
  /** The end of what the process wrote to stderr: the tracebacks of Python. */
  stderr = "";
  readonly exited: Promise<void>;
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #waiters = new Set<Waiter>();
  readonly #replies = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  #commands = 0;
  #ended = false;

  private constructor(child: ChildProcessByStdio<Writable, Readable, Readable>) {
    this.#child = child;
    createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY }).on("line", (text) => {
      this.#read(JSON.parse(text) as Line);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.stderr = (this.stderr + text).slice(-STDERR_KEPT);
    });
    // A write to a process that was killed is reported by the exit, below.
    child.stdin.on("error", () => {});
    this.exited = once(child, "close").then(() => {
      this.#ended = true;
      for (const reply of this.#replies.values()) reply.reject(this.#endedError());
      this.#replies.clear();
    });
  }

  /** Starts the process and waits for its `ready` line. */
  static async start(command: string, args: readonly string[], options: StartOptions = {}): Promise<JsonLineProcess> {
    const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"], env: { ...process.env, ...options.env } });
    await once(child, "spawn");
    const started = new JsonLineProcess(child);
    try {
      await started.next("ready", undefined, options.readyWithinMs ?? 30_000);
    } catch (error) {
      started.kill("SIGKILL");
      throw error;
    }
    return started;
  }

  get pid(): number {
    return this.#child.pid ?? Number.NaN;
  }

  /** Sends a command; resolves with the value of its reply, rejects with its error or when the process ends. */
  command(cmd: string, fields: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    if (this.#ended) return Promise.reject(this.#endedError());
    const id = ++this.#commands;
    return new Promise((resolve, reject) => {
      this.#replies.set(id, { resolve, reject });
      this.#child.stdin.write(`${JSON.stringify({ id, cmd, ...fields })}\n`);
    });
  }

  /** The lines of one kind so far. */
  of(kind: string): Line[] {
    return this.lines.filter((line) => line.kind === kind);
  }

  /** Drops the lines so far, so that `next` waits for new ones. */
  forget(): void {
    this.lines.length = 0;
  }

  /** The first line of that kind that matches, among those already written and those to come. */
  async next(kind: string, matches: (line: Line) => boolean = () => true, withinMs = 15_000): Promise<Line> {
    const wanted = (line: Line): boolean => line.kind === kind && matches(line);
    const already = this.lines.find(wanted);
    if (already) return already;
    let timer: NodeJS.Timeout | undefined;
    let waiter: Waiter | undefined;
    try {
      return await Promise.race([
        new Promise<Line>((take) => {
          waiter = { matches: wanted, take };
          this.#waiters.add(waiter);
        }),
        this.exited.then(() => Promise.reject(this.#endedError())),
        new Promise<never>((_, reject) => {
          timer = setTimeout(() => reject(this.#silentError(kind, withinMs)), withinMs);
        }),
      ]);
    } finally {
      clearTimeout(timer);
      if (waiter) this.#waiters.delete(waiter);
    }
  }

  /** Sends a signal to this one process: `SIGKILL`, `SIGSTOP`, `SIGCONT`. */
  kill(signal: NodeJS.Signals): void {
    if (!this.#ended) this.#child.kill(signal);
  }

  /** Asks the process to end, and kills it by its pid when it does not. */
  async stop(): Promise<void> {
    if (this.#ended) return;
    this.#child.kill("SIGCONT");
    this.command("stop").catch(() => {});
    this.#child.stdin.end();
    const timer = setTimeout(() => this.kill("SIGKILL"), STOP_WITHIN_MS);
    await this.exited;
    clearTimeout(timer);
  }

  #read(line: Line): void {
    if (line.kind === "reply") {
      const reply = this.#replies.get(line.id as number);
      this.#replies.delete(line.id as number);
      if (line.ok === true) reply?.resolve(line.value);
      else reply?.reject(new Error(String(line.error)));
      return;
    }
    this.lines.push(line);
    for (const waiter of [...this.#waiters]) if (waiter.matches(line)) waiter.take(line);
  }

  #endedError(): Error {
    return new Error(`The process ${this.pid} has ended. Its stderr:\n${this.stderr}`);
  }

  #silentError(kind: string, withinMs: number): Error {
    const seen = this.lines.slice(-10).map((line) => JSON.stringify(line));
    return new Error(
      `No "${kind}" line that matches within ${withinMs} ms. The last lines:\n${seen.join("\n")}\nstderr:\n${this.stderr}`,
    );
  }
}

export type { Line, StartOptions };
export { JsonLineProcess };
