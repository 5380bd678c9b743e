import { performance } from "node:perf_hooks";
import { ContractError } from "../contract/errors.js";
import { systemCode } from "../server/reports.js";
import { Call } from "./call.js";
import type { Driver } from "./driver.js";
import type { Script } from "./script.js";

/** How long Redis may be silent, and how much may wait for it. */
export interface LinkLimits {
  /** ms */
  readonly timeoutMs: number;
  readonly maxCommands: number;
  /** Characters of all arguments. */
  readonly maxCharacters: number;
}

// An answer of Redis itself begins with its kind, as in "OOM command not allowed": then nothing was carried out.
const refusal = /^[A-Z]{2,} /;
// Not so where a script had begun: but for these, which are said at its first write, it may have been stopped behind one.
const amid = /user_script/;
const atFirst = /\b(OOM|READONLY|MISCONF|NOREPLICAS)\b/;
// How often one may be kept elsewhere by the time it is there: servers may say so of each other for ever.
const mostMoves = 16;
// The words of both clients for a command that they did not send.
const offline = /client is offline|client is closed|enableOfflineQueue/i;
const unfollowed = "Too many Cluster redirections";

const tickMs = 250;
// Where Redis answers, but one of a cluster does not, or it takes very long: so many times the silence that it is given.
const patience = 5;

/**
 * Commands to Redis, in the order of the calls, each answered or given up in time.
 *
 * A call that is given up rejects with `backend_unavailable` where it cannot have been carried out, and with `log_unknown`
 * where it may have been. While Redis is away, or has fallen silent, calls are refused at once, so nothing piles up.
 */
export class Link {
  /** Whether Redis refused the last script because it follows another now. */
  readOnly = false;
  /** What kept the client from connecting last. */
  trouble: unknown = undefined;
  /** What the client has not answered, oldest first. */
  private readonly calls = new Set<Call>();
  private size = 0;
  private sentCount = 0;
  /**
   * Redis did not know a script, or has it no more that a key was kept there: what it refused for that is sent again, with
   * the text, in order, before anything else.
   */
  private refused: Call[] | undefined = undefined;
  private moved = false;
  /** What waits for that, or for the first connection. */
  private waiting: Call[] = [];
  private opening = true;
  private silent = false;
  private heardAt = 0;
  /** Time as it passed here, ms: while this process stood still, answers came that it has not read. */
  private clock = 0;
  private sweptAt = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly driver: Driver,
    private readonly limits: LinkLimits,
  ) {}

  /** Whether Redis is connected, and answers. */
  get up(): boolean {
    return this.driver.ready && !this.silent;
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

  /** Connections are being made: what is called before the first of them is there waits for it. */
  open(): void {
    this.opening = true;
  }

  /** A connection was made: `scripts` are made known, ahead of everything else. */
  connected(scripts: readonly Script[]): void {
    this.silent = this.readOnly = this.opening = false;
    this.trouble = undefined;
    if (this.driver.single)
      for (const { text } of scripts) this.driver.send("", ["SCRIPT", "LOAD", text]).catch(() => {});
    this.refused ??= [];
    this.resume();
  }

  /** Settles once every call is answered or given up. */
  async drain(): Promise<void> {
    await Promise.allSettled([...this.calls].map(({ promise }) => promise));
  }

  close(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    for (const call of this.calls) if (!call.settled) call.giveUp(unknown(new Error("the backend was closed")));
    this.calls.clear();
    this.size = 0;
    this.opening = false;
  }

  private call(key: string, script: Script | undefined, args: readonly string[], anyway = false): Promise<unknown> {
    if (!this.opening && (!this.driver.ready || (this.silent && !anyway)))
      return Promise.reject(this.away("Redis is not to be reached"));
    const call = new Call(key, script, args, this.clock);
    const { maxCommands, maxCharacters } = this.limits;
    if (this.calls.size >= maxCommands || this.size + call.size > maxCharacters)
      return Promise.reject(unavailable("too many commands wait for Redis"));
    this.calls.add(call);
    this.size += call.size;
    if (!this.timer) this.watch();
    if (this.opening || this.refused) this.waiting.push(call);
    else this.dispatch(call, false);
    return call.promise;
  }

  private dispatch(call: Call, withText: boolean): void {
    call.sent = true;
    this.sentCount++;
    this.driver.send(call.key, call.command(withText)).then(
      (reply) => {
        this.heard(call);
        if (call.script) this.readOnly = false;
        this.forget(call);
        if (!call.settled) call.answer(reply);
        this.resume();
      },
      (error: unknown) => {
        this.failed(call, error);
        this.resume();
      },
    );
  }

  private heard(call: Call): void {
    this.letGo(call);
    this.silent = false;
    this.heardAt = this.clock;
  }

  private letGo(call: Call): void {
    if (!call.sent) return;
    call.sent = false;
    this.sentCount--;
  }

  private failed(call: Call, error: unknown): void {
    this.heard(call);
    const text = toText(error);
    // A client for one server has no other to send it to.
    const moved = text.startsWith("MOVED ") && !this.driver.single && ++call.moves <= mostMoves;
    // It will be carried out once it is sent to where its key is kept now, or with its text.
    if (moved || text.startsWith("NOSCRIPT ")) {
      this.refused ??= [];
      this.refused.push(call);
      this.moved ||= moved;
      return;
    }
    this.forget(call);
    if (text.includes("READONLY")) this.readOnly = true;
    if (call.settled) return;
    call.giveUp(isRefusal(text) ? refused(error) : unknown(error));
  }

  /** Once everything that was sent is answered: what was refused, in its order, then what came after. */
  private resume(): void {
    if (!this.refused || this.sentCount > 0) return;
    if (this.moved) {
      this.moved = false;
      this.sentCount++;
      void this.driver.relocate().finally(() => {
        this.sentCount--;
        this.resume();
      });
      return;
    }
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
      if (!call.settled) call.giveUp(this.away("Redis is not to be reached"));
    }
  }

  /** A worker hears of what failed by its emits alone, so they say why. */
  private away(sentence: string): ContractError {
    return unavailable(because(sentence, this.trouble), this.trouble);
  }

  private forget(call: Call): void {
    if (this.calls.delete(call)) this.size -= call.size;
  }

  private watch(): void {
    this.sweptAt = performance.now();
    this.timer = setInterval(() => this.sweep(), tickMs).unref();
  }

  private sweep(): void {
    const swept = performance.now();
    this.clock += Math.min(swept - this.sweptAt, 2 * tickMs);
    this.sweptAt = swept;
    const { clock: now } = this;
    const { timeoutMs } = this.limits;
    for (const call of this.calls) {
      const isSilent = now - Math.max(call.since, this.heardAt) >= timeoutMs;
      if (!isSilent && now - call.since < patience * timeoutMs) break;
      if (isSilent && call.sent) this.silent = true;
      // Who waits for the first connection is told that there is none, and from here on nobody waits for it.
      else if (isSilent) {
        this.opening = false;
        this.refused ??= [];
      }
      if (call.settled) continue;
      // It stays here until the client lets go of it, so that what the client holds is bounded as well.
      call.giveUp(call.sent ? unknown(new Error("Redis did not answer in time")) : this.away("Redis did not answer"));
      // A client may never answer, and what waits for all of its answers is not to wait for that one.
      this.letGo(call);
    }
    this.resume();
    if (this.calls.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }
}

/** What Redis said: both clients of a cluster say that they follow it nowhere, and put that into words, or behind them. */
function toText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message, cause } = error;
  if (!message.startsWith(unfollowed)) return message;
  return cause instanceof Error ? cause.message : message.replace(/^.*Last error: (\w+: )?/, "");
}

/** Whether nothing was carried out. */
function isRefusal(text: string): boolean {
  if (offline.test(text)) return true;
  return refusal.test(text) && (!amid.test(text) || atFirst.test(text));
}

/** What Redis itself answered is told in the log by its kind, as in NOPERM and WRONGPASS: what comes behind may be a value. */
export function told(error: unknown): unknown {
  return refusal.test(toText(error)) ? refused(error) : error;
}

function refused(cause: unknown): ContractError {
  return unavailable(because("Redis refused the command", cause), cause);
}

function because(sentence: string, cause: unknown): string {
  const kind = refusal.exec(toText(cause))?.[0].trim() ?? systemCode(cause);
  return kind === undefined ? sentence : `${sentence}: ${kind}`;
}

function unavailable(sentence: string, cause?: unknown): ContractError {
  return new ContractError("backend_unavailable", sentence, { cause });
}

function unknown(cause: unknown): ContractError {
  return new ContractError("log_unknown", "whether Redis carried it out is not known", { cause });
}
