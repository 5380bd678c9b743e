import type { Script } from "./script.js";

/** One command on its way to Redis and back. */
export class Call {
  readonly promise: Promise<unknown>;
  /** Whether whoever called was answered; the client may hold the command still. */
  settled = false;
  /** Handed to the client, which has not answered. */
  sent = false;
  /** How often its key was kept elsewhere. */
  moves = 0;
  /** Characters of all arguments. */
  readonly size: number;
  private resolve: (reply: unknown) => void = () => {};
  private reject: (error: Error) => void = () => {};

  constructor(
    readonly key: string,
    readonly script: Script | undefined,
    readonly args: readonly string[],
    /** When it was made, by the clock of its link. */
    readonly since: number,
  ) {
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    let size = 0;
    for (const arg of args) size += arg.length;
    this.size = size;
  }

  /** The command to send: a script goes by its name, or with its text where Redis does not know it. */
  command(withText: boolean): string[] {
    const { script, args } = this;
    if (!script) return [...args];
    return withText ? ["EVAL", script.text, ...args] : ["EVALSHA", script.sha, ...args];
  }

  answer(reply: unknown): void {
    this.settled = true;
    this.resolve(reply);
  }

  giveUp(error: Error): void {
    this.settled = true;
    this.reject(error);
  }
}
