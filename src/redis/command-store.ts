import { performance } from "node:perf_hooks";
import { type AnswerLimits, Answers, type AnswerVerdict } from "../delivery/answers.js";
import { abandonScript, beginScript, finishScript } from "./command-scripts.js";
import type { Keys } from "./keys.js";
import type { Link } from "./link.js";

interface Waiting {
  readonly userId: string;
  readonly id: string;
  readonly key: string;
  readonly tell: (answer: string | undefined) => void;
  /** Since when no mark of it is seen. */
  goneAt: number | undefined;
}

interface Unsaved {
  readonly userId: string;
  readonly id: string;
  readonly answer: string;
}

/** A command that runs is another server's to run once it was not renewed for so long, ms. */
const runningMs = 5_000;
// Answers that could not be kept are kept here until they can.
const mostUnsaved = 10_000;

/**
 * What commands were answered, on all servers: one that is sent again runs no second time.
 *
 * Commands of this server are told apart here, without asking; Redis is asked once for each that is new.
 */
export class CommandStore {
  private readonly here: Answers;
  /** The keys of what runs here, and since when. */
  private readonly running = new Map<string, number>();
  private readonly waiting = new Set<Waiting>();
  private unsaved: Unsaved[] = [];

  constructor(
    private readonly link: Link,
    private readonly keys: Keys,
    private readonly server: string,
    private readonly limits: AnswerLimits,
    /** Whether a command that could not be claimed for this `error` is run all the same. */
    private readonly isLocal: (error: unknown) => boolean,
  ) {
    this.here = new Answers(limits);
  }

  get keepMs(): number {
    return this.limits.keepMs;
  }

  begin(userId: string, id: string): AnswerVerdict | Promise<AnswerVerdict> {
    const verdict = this.here.begin(userId, id, performance.now());
    return verdict.do === "run" ? this.claim(userId, id) : verdict;
  }

  finish(userId: string, id: string, answer: string | undefined): void {
    if (answer !== undefined) {
      this.answer(userId, id, answer);
      this.keep({ userId, id, answer });
      return;
    }
    const key = this.keys.command(userId, id);
    this.running.delete(key);
    this.here.abandon(userId, id);
    // Where that is not heard, its mark ends by itself.
    this.link.run(abandonScript, [key], [...this.noticeOf(userId, id), this.server]).catch(() => {});
  }

  /** Keeps commands that run this server's own, also where Redis lost them, and looks after those that run elsewhere. */
  tick(): void {
    const now = performance.now();
    this.renew(now - runningMs / 4);
    for (const waiting of this.waiting) void this.look(waiting);
    this.here.sweep(now);
    this.save();
  }

  /** Redis is there again, and may have lost, or never known, what runs here and what was answered. */
  resume(): void {
    this.renew(Number.POSITIVE_INFINITY);
    this.save();
  }

  private renew(before: number): void {
    for (const [key, since] of this.running) if (since < before) this.mark(key).catch(() => {});
  }

  /** Keeps what could not be kept before. */
  private save(): void {
    const { unsaved } = this;
    this.unsaved = [];
    for (const one of unsaved) this.keep(one);
  }

  /** A command that somebody here waits for was answered, or left to others. */
  answered(userId: string, id: string): void {
    for (const waiting of this.waiting)
      if (waiting.userId === userId && waiting.id === id) void this.look(waiting, true);
  }

  private async claim(userId: string, id: string): Promise<AnswerVerdict> {
    const key = this.keys.command(userId, id);
    let kept: string | null = null;
    try {
      kept = (await this.mark(key)) as string | null;
    } catch (error) {
      if (!this.isLocal(error)) {
        this.here.abandon(userId, id);
        throw error;
      }
    }
    if (!kept) {
      this.running.set(key, performance.now());
      return { do: "run" };
    }
    if (kept[0] === "a") return { do: "answer", answer: this.answer(userId, id, kept.slice(1)) };
    const answer = new Promise<string | undefined>((tell) =>
      this.waiting.add({ userId, id, key, tell, goneAt: undefined }),
    );
    return { do: "wait", answer };
  }

  private mark(key: string): Promise<unknown> {
    return this.link.run(beginScript, [key], [this.server, String(runningMs)]);
  }

  private async look(waiting: Waiting, isTold = false): Promise<void> {
    const { userId, id, key, tell } = waiting;
    try {
      const kept = (await this.link.send(key, "GET", key)) as string | null;
      if (kept?.[0] === "r") {
        waiting.goneAt = undefined;
        return;
      }
      const now = performance.now();
      waiting.goneAt ??= now;
      // Redis may have lost the mark of one that runs: its server has as long as ever to mark it again.
      if ((!kept && !isTold && now - waiting.goneAt < runningMs) || !this.waiting.delete(waiting)) return;
      // Its server is gone: whoever asks next runs it.
      if (!kept) this.here.abandon(userId, id);
      tell(kept ? this.answer(userId, id, kept.slice(1)) : undefined);
    } catch {
      // Looked for again.
    }
  }

  private answer(userId: string, id: string, answer: string): string {
    this.here.finish(userId, id, answer, Buffer.byteLength(answer), performance.now());
    return answer;
  }

  /** Where servers that wait hear, and what they are told. */
  private noticeOf(userId: string, id: string): string[] {
    return [this.keys.node(""), JSON.stringify(["answered", userId, id])];
  }

  private keep(one: Unsaved): void {
    const { userId, id, answer } = one;
    // Redis keeps nothing for 0 ms: it refuses the script.
    const args = [...this.noticeOf(userId, id), answer, String(Math.max(1, this.limits.keepMs))];
    const key = this.keys.command(userId, id);
    this.link.run(finishScript, [key], args).then(
      () => this.running.delete(key),
      // Until then it is kept from being run elsewhere.
      () => {
        this.unsaved.push(one);
        const lost = this.unsaved.length > mostUnsaved && this.unsaved.shift();
        if (lost) this.running.delete(this.keys.command(lost.userId, lost.id));
      },
    );
  }
}
