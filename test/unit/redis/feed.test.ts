import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { StoredEvent } from "../../../src/delivery/stored-event.js";
import { Feed, type Unheard } from "../../../src/redis/feed.js";
import { holdsAsync } from "../delivery/property.js";
import { emissionOf, epochOf, storedOf } from "../delivery/samples.js";

const epoch = epochOf(1);

/** A room's log in Redis, its messages on their way to a feed, and the questions of the feed on their way to it. */
class World {
  readonly given: string[] = [];
  readonly emitted: string[] = [];
  private readonly log: StoredEvent[] = [];
  private wire: StoredEvent[] = [];
  private readonly questions: (() => void)[] = [];
  readonly feed = new Feed("quay_q1", {
    deliver: (_room, { payload }) => this.given.push(JSON.parse(payload) as string),
    read: (_room, asked, after) =>
      new Promise((resolve) => {
        this.questions.push(() => resolve(asked === epoch ? this.log.slice(after, after + 3) : undefined));
      }),
    head: async () => ({ epoch, seq: this.log.length }),
    stands: () => undefined,
    failed: (_room, error) => {
      throw error;
    },
  });

  constructor() {
    this.feed.start({ epoch, seq: 0 });
  }

  emit(numbered: boolean): void {
    const name = `${numbered ? "numbered" : "plain"} ${this.emitted.length}`;
    this.emitted.push(name);
    const event = storedOf(epoch, numbered ? this.log.length + 1 : 0, emissionOf("tick", name));
    if (numbered) this.log.push(event);
    this.wire.push(event);
  }

  hear(): void {
    const event = this.wire.shift();
    if (event) this.feed.receive({ event, except: undefined });
  }

  /** The connection was cut: what was on its way is gone. */
  lose(): void {
    for (const { seq, payload } of this.wire) if (seq === 0) this.forget(JSON.parse(payload) as string);
    this.wire = [];
    this.compare("lost");
  }

  compare(unheard: Unheard): Promise<void> | undefined {
    return this.feed.compare({ epoch, seq: this.log.length }, unheard);
  }

  answer(): void {
    this.questions.shift()?.();
  }

  /** Lets everything come to rest. */
  async rest(): Promise<void> {
    while (this.wire.length > 0) this.hear();
    do {
      this.answer();
      await vi.advanceTimersByTimeAsync(100);
    } while (this.questions.length > 0);
  }

  private forget(name: string): void {
    this.emitted.splice(this.emitted.indexOf(name), 1);
  }
}

/** The same where the log is trimmed and lost: what is given then, and what is said of where the room stands. */
class Ruin {
  readonly said: { readonly epoch: string; readonly seq: number }[] = [];
  readonly loose: number[] = [];
  readonly heard: number[] = [];
  /** How far the log of each epoch was trimmed. */
  readonly floors = [0];
  private log: StoredEvent[] = [];
  private readonly wire: StoredEvent[] = [];
  private readonly questions: ((error?: Error) => void)[] = [];
  private emits = 0;
  private isBehind = true;
  readonly feed = new Feed("quay_q1", {
    deliver: (_room, { epoch, seq, at }) => {
      if (seq > 0) this.said.push({ epoch, seq });
      else this.loose.push(at);
    },
    read: (_room, asked, after) =>
      new Promise((resolve, reject) => {
        this.questions.push((error) => {
          if (error) return reject(error);
          const isKept = asked === this.head.epoch && after >= (this.floors.at(-1) as number);
          resolve(isKept ? this.log.slice(after, after + 3) : undefined);
        });
      }),
    head: () =>
      new Promise((resolve, reject) => this.questions.push((error) => (error ? reject(error) : resolve(this.head)))),
    stands: (_room, head) => this.said.push(head),
    failed: () => {
      this.isBehind = true;
    },
  });

  constructor() {
    this.feed.start(this.head);
  }

  get head() {
    return { epoch: epochOf(this.floors.length), seq: this.log.length };
  }

  emit(numbered: boolean): void {
    const { epoch, seq } = this.head;
    const event = storedOf(epoch, numbered ? seq + 1 : 0, emissionOf("tick", 0), this.emits++);
    if (numbered) this.log.push(event);
    this.wire.push(event);
  }

  hear(): void {
    const event = this.wire.shift();
    if (!event) return;
    if (event.seq === 0) this.heard.push(event.at);
    this.feed.receive({ event, except: undefined });
  }

  /** What was on its way is gone. */
  lose(): void {
    this.wire.length = 0;
    void this.feed.compare(this.head, "lost");
  }

  compare(): void {
    void this.feed.compare(this.head, "on their way");
  }

  trim(): void {
    this.floors[this.floors.length - 1] = this.log.length;
  }

  /** The log is gone; what is on its way of it is not. */
  restart(): void {
    this.log = [];
    this.floors.push(0);
  }

  answer(): void {
    this.questions.shift()?.();
  }

  deny(): void {
    this.questions.shift()?.(new Error("away"));
  }

  async rest(): Promise<void> {
    while (this.wire.length > 0) this.hear();
    do {
      // As every room is, and again where it could not be read.
      if (this.isBehind) void this.feed.compare(this.head, "lost");
      this.isBehind = false;
      this.answer();
      await vi.advanceTimersByTimeAsync(100);
    } while (this.questions.length > 0 || this.isBehind);
  }
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a room's feed", () => {
  it("gives everything once and in the order of the emits, whatever is read, lost and compared meanwhile", async () => {
    const step = fc.constantFrom("numbered", "numbered", "plain", "hear", "hear", "hear", "answer", "compare", "lose");
    await holdsAsync(
      fc.asyncProperty(fc.array(step, { maxLength: 60, size: "max" }), async (steps) => {
        const world = new World();
        for (const each of steps) {
          if (each === "numbered" || each === "plain") world.emit(each === "numbered");
          else if (each === "hear") world.hear();
          else if (each === "answer") world.answer();
          else if (each === "compare") void world.compare("on their way");
          else world.lose();
          await Promise.resolve();
        }
        await world.rest();
        expect(world.given).toEqual(world.emitted);
      }),
    );
  });

  it("comes to the head of a log that is trimmed and lost meanwhile, never back, and over what is kept by no gap", async () => {
    const step = fc.constantFrom(
      ...(["emit", "emit", "emit", "plain", "hear", "hear", "hear", "answer", "answer", "compare"] as const),
      ...(["lose", "trim", "restart", "deny"] as const),
    );
    await holdsAsync(
      fc.asyncProperty(fc.array(step, { maxLength: 60, size: "max" }), async (steps) => {
        const world = new Ruin();
        for (const each of steps) {
          if (each === "emit" || each === "plain") world.emit(each === "emit");
          else world[each]();
          await Promise.resolve();
        }
        await world.rest();
        const { said, head, floors, feed } = world;
        const epochs = floors.map((_, index) => epochOf(index + 1));
        let last = { epoch: epochOf(1), seq: 0 };
        for (const each of said) {
          if (each.epoch !== last.epoch) {
            expect(epochs.indexOf(each.epoch)).toBeGreaterThan(epochs.indexOf(last.epoch));
            last = { epoch: each.epoch, seq: each.seq === 0 ? -1 : 0 };
          }
          expect(each.seq).toBeGreaterThan(last.seq);
          // Of a log that is lost nobody can say what it kept.
          if (each.epoch === head.epoch && each.seq > last.seq + 1)
            expect(last.seq).toBeLessThan(floors.at(-1) as number);
          last = each;
        }
        expect([last, feed.has(head)]).toEqual([head, true]);
        // What has no number is given once, whatever became of what it waited for.
        expect([...world.loose].sort((one, two) => one - two)).toEqual(world.heard);
      }),
    );
  });

  it("goes on in the epoch that it is in when an event comes late of one that began and ended unheard before it", async () => {
    const world = new Ruin();
    world.restart();
    world.emit(true);
    world.restart();
    world.compare();
    world.hear();
    world.answer();
    await vi.advanceTimersByTimeAsync(0);
    expect(world.said).toEqual([world.head]);
    world.emit(true);
    world.hear();
    expect(world.said.at(-1)).toEqual({ epoch: epochOf(3), seq: 1 });
  });

  it("tells who compares when everything before the head was given: as it comes, or as it is read after a while", async () => {
    const world = new World();
    world.emit(true);
    let told = 0;
    void world.compare("on their way")?.then(() => told++);
    await vi.advanceTimersByTimeAsync(10);
    expect([told, world.given]).toEqual([0, []]);
    world.hear();
    await vi.advanceTimersByTimeAsync(0);
    expect([told, world.given.length]).toEqual([1, 1]);
    world.emit(true);
    void world.compare("on their way")?.then(() => told++);
    await vi.advanceTimersByTimeAsync(60);
    expect(told).toBe(1);
    world.answer();
    await vi.advanceTimersByTimeAsync(0);
    expect([told, world.given.length]).toEqual([2, 2]);
    world.hear();
    expect(world.given).toHaveLength(2);
  });

  it("holds so many events without a number, and gives more of them at once, while it reads and while it asks", async () => {
    const world = new Ruin();
    const hearLoose = (count: number) => {
      for (let times = 0; times < count; times++) world.emit(false);
      for (let times = 0; times < count; times++) world.hear();
    };
    world.emit(true);
    world.emit(true);
    world.lose();
    hearLoose(1_200);
    expect(world.loose).toHaveLength(200);
    await world.rest();
    expect(world.loose).toHaveLength(1_200);
    world.restart();
    world.emit(true);
    world.hear();
    hearLoose(1_200);
    // The event that it asks for is held as well.
    expect(world.loose).toHaveLength(1_200 + 201);
    await world.rest();
    expect(world.loose).toHaveLength(2_400);
  });

  it("asks once about an epoch while the log cannot be asked, and again as it is heard of again", async () => {
    let asked = 0;
    const failed: unknown[] = [];
    const feed = new Feed("quay_q1", {
      deliver() {},
      read: async () => [],
      async head() {
        // One that went on by itself would never let go of the loop.
        if (++asked > 10) return { epoch, seq: 0 };
        throw new Error("away");
      },
      stands() {},
      failed: (_, error) => failed.push(error),
    });
    feed.start({ epoch, seq: 0 });
    const hear = async () => {
      feed.receive({ event: storedOf(epochOf(2), 1, emissionOf("tick", 0)), except: undefined });
      await vi.advanceTimersByTimeAsync(0);
      return asked;
    };
    expect([await hear(), await hear()]).toEqual([1, 2]);
    expect(failed).toEqual(Array(2).fill(new Error("away")));
  });

  it("gives what it held for what could not be read, and counts what is of an epoch before this one as given", async () => {
    const world = new Ruin();
    world.emit(true);
    world.lose();
    world.emit(false);
    world.hear();
    expect(world.loose).toEqual([]);
    world.deny();
    await vi.advanceTimersByTimeAsync(0);
    expect(world.loose).toEqual(world.heard);
    const { head, feed } = world;
    expect(feed.has(head)).toBe(false);
    world.restart();
    world.lose();
    expect(feed.has(head)).toBe(true);
  });
});
