import { performance } from "node:perf_hooks";
import { ContractError } from "../contract/errors.js";
import type { Driver } from "./driver.js";
import type { Script } from "./script.js";

/** How long Redis may take for an answer, and how much may wait for one. */
export interface LinkLimits {
  /** ms */
  readonly timeoutMs: number;
  readonly maxCommands: number;
  /** Characters of all arguments. */
  readonly maxCharacters: number;
}

interface Call {
  readonly key: string;
  readonly script: Script | undefined;
  readonly args: readonly string[];
  readonly size: number;
  readonly deadline: number;
  readonly resolve: (reply: unknown) => void;
  readonly reject: (error: Error) => void;
  settled: boolean;
  /** Handed to the client, which has not answered. */
  sent: boolean;
}

// An answer of Redis itself begins with its kind, as in "OOM command not allowed": then nothing was carried out.
const refusal = /^[A-Z]{2,} /;

const tickMs = 250;

/**
 * Commands to Redis, in the order of the calls, each answered or given up in time.
 *
 * A call that is given up rejects with `backend_unavailable` where it cannot have been carried out, and with `log_unknown`
 * where it may have been. While Redis is away, or has stopped answering, calls are refused at once, so nothing piles up.
 */
export class Link {
  /** Everything without an answer of the client, oldest first. */
  private readonly calls = new Set<Call>();
  private size = 0;
  /** Scripts were unknown to Redis: what was refused for it is sent again with its text, in order, before anything else. */
  private refused: Call[] | undefined;
  private waiting: Call[] = [];
  private sentCount = 0;
  private timer: NodeJS.Timeout | undefined;
  /** Until the first connection calls wait for it, as long as any may. */
  private opening = true;
  private stalled = false;

  constructor(
    private readonly driver: Driver,
    private readonly limits: LinkLimits,
  ) {}

  /** Whether Redis is connected, and answers. */
  get up(): boolean {
    return this.driver.ready && !this.stalled;
  }

  /** Runs a script; `keys[0]` says where. */
  run(script: Script, keys: readonly string[], args: readonly string[]): Promise<unknown> {
    return this.call(keys[0] as string, script, [String(keys.length), ...keys, ...args]);
  }

  /** Sends one command; `key` says where. */
  send(key: string, ...args: string[]): Promise<unknown> {
    return this.call(key, undefined, args);
  }

  /** Asks whether Redis answers again, also while other calls are refused. */
  probe(key: string, ...args: string[]): Promise<unknown> {
    return this.call(key, undefined, args, true);
  }

  /** A connection was made: `scripts` are made known, ahead of everything else. */
  connected(scripts: readonly Script[]): void {
    this.stalled = this.opening = false;
    if (this.driver.single)
      for (const { text } of scripts) this.driver.send("", ["SCRIPT", "LOAD", text]).catch(() => {});
    this.refused ??= [];
    this.resume();
  }

  close(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    for (const call of this.calls) settle(call, unknown(new Error("the backend was closed")));
  }

  private call(key: string, script: Script | undefined, args: readonly string[], anyway = false): Promise<unknown> {
    if (!this.opening && (!this.driver.ready || (this.stalled && !anyway)))
      return Promise.reject(unavailable("Redis is not to be reached"));
    let size = 0;
    for (const arg of args) size += arg.length;
    const { maxCommands, maxCharacters, timeoutMs } = this.limits;
    if (this.calls.size >= maxCommands || this.size + size > maxCharacters)
      return Promise.reject(unavailable("too many commands wait for Redis"));
    return new Promise((resolve, reject) => {
      const deadline = performance.now() + timeoutMs;
      const call: Call = { key, script, args, size, deadline, resolve, reject, settled: false, sent: false };
      this.calls.add(call);
      this.size += size;
      this.timer ??= setInterval(() => this.sweep(), tickMs).unref();
      if (this.opening || this.refused) this.waiting.push(call);
      else this.dispatch(call, false);
    });
  }

  private dispatch(call: Call, withText: boolean): void {
    const { script, args, key } = call;
    let command = args as string[];
    if (script) command = withText ? ["EVAL", script.text, ...args] : ["EVALSHA", script.sha, ...args];
    call.sent = true;
    this.sentCount++;
    this.driver.send(key, command).then(
      (reply) => {
        this.stalled = false;
        this.answered(call);
        this.forget(call);
        call.settled = true;
        call.resolve(reply);
        this.resume();
      },
      (error: unknown) => {
        this.answered(call);
        this.failed(call, error as Error);
        this.resume();
      },
    );
  }

  private answered(call: Call): void {
    call.sent = false;
    this.sentCount--;
  }

  private failed(call: Call, error: Error): void {
    const text = String(error?.message ?? error);
    if (text.startsWith("NOSCRIPT") && !call.settled) {
      this.refused ??= [];
      this.refused.push(call);
      return;
    }
    this.forget(call);
    settle(call, refusal.test(text) ? unavailable("Redis refused the command", error) : unknown(error));
  }

  /** Once everything that was sent is answered: what was refused, in its order, then what came after. */
  private resume(): void {
    if (!this.refused || this.sentCount > 0) return;
    const { refused, waiting } = this;
    this.refused = undefined;
    this.waiting = [];
    for (const call of refused) this.again(call, true);
    for (const call of waiting) this.again(call, false);
  }

  private again(call: Call, withText: boolean): void {
    if (!call.settled && this.driver.ready) this.dispatch(call, withText);
    else {
      this.forget(call);
      settle(call, unavailable("Redis is not to be reached"));
    }
  }

  private forget(call: Call): void {
    if (this.calls.delete(call)) this.size -= call.size;
  }

  private sweep(): void {
    const now = performance.now();
    for (const call of this.calls) {
      if (call.deadline > now) break;
      if (call.settled) continue;
      // It stays among the calls until the client lets go of it, so that what the client holds is bounded as well.
      if (call.sent) this.stalled = true;
      settle(
        call,
        call.sent ? unknown(new Error("Redis did not answer in time")) : unavailable("Redis did not answer"),
      );
    }
    if (this.calls.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }
}

function settle(call: Call, error: ContractError): void {
  if (call.settled) return;
  call.settled = true;
  call.reject(error);
}

function unavailable(sentence: string, cause?: unknown): ContractError {
  return new ContractError("backend_unavailable", sentence, { cause });
}

function unknown(cause: unknown): ContractError {
  return new ContractError("log_unknown", "whether Redis carried it out is not known", { cause });
}
