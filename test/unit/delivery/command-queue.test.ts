import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Command,
  type CommandQueue,
  createCommandQueue,
  type OfflinePolicy,
  type QueuedCommand,
} from "../../../src/delivery/command-queue.js";
import {
  restoreQueue,
  type StoredCommand,
  type StoredQueue,
  toStoredQueue,
} from "../../../src/delivery/stored-queue.js";
import { holds } from "./property.js";

const limits = { maxCount: 5, maxBytes: 400, maxAgeMs: 120_000 };
const windowMs = 300_000;

function commandOf(id: string, offline: OfflinePolicy = "queue", bytes = 10): Command {
  return { id, name: "act", payload: { id }, bytes, offline, known: true };
}

const idsOf = (commands: readonly { id: string }[]) => commands.map(({ id }) => id);

function answer(queue: CommandQueue, id: string) {
  for (const command of queue.all()) if (command.id === id) queue.answered(command);
}

// A client over a line that loses, a server that keeps answers and one that does not, a page that is reloaded.
class Page {
  now = 1_000;
  wall = 1_700_000_000_000;
  queue = createCommandQueue(limits, "u");
  stored: StoredQueue | undefined;
  user = "u";
  plain = false;
  up = false;
  /** The rooms are being entered: nothing is written. */
  held = false;
  offered: string[] = [];
  owner = new Map<string, string>();
  offeredAt = new Map<string, number>();
  ends = new Map<string, string>();
  applied = new Map<string, number>();
  /** Answers kept by the announced server, under user and id, with when they were given. */
  answers = new Map<string, number>();
  inFlight: { readonly command: QueuedCommand; readonly at: number }[] = [];

  end(commands: readonly { id: string }[], how: string) {
    for (const { id } of commands) {
      expect(this.ends.has(id)).toBe(false);
      this.ends.set(id, how);
    }
  }

  store() {
    // What is stored is what JSON leaves of it.
    const text = JSON.stringify(toStoredQueue(this.queue, this.now, this.wall));
    this.stored = text === undefined ? this.stored : JSON.parse(text);
  }

  write(commands: readonly QueuedCommand[]) {
    this.store();
    for (const command of commands) {
      expect(this.owner.get(command.id)).toBe(this.user);
      expect(command.sent).toBe(true);
      expect(this.now).toBeLessThan((this.offeredAt.get(command.id) ?? 0) + limits.maxAgeMs);
      this.inFlight.push({ command, at: this.now });
    }
  }

  offer(id: string, offline: OfflinePolicy, bytes: number) {
    this.owner.set(id, this.user);
    this.offeredAt.set(id, this.now);
    const before = this.queue.all().length;
    const taken = this.queue.offer(commandOf(id, offline, bytes), this.now);
    if (!this.up && offline !== "queue") expect(taken).toBe("offline");
    else if (!this.up && before >= limits.maxCount) expect(taken).toBe("queue_full");
    else if (this.up || taken !== "queue_full") expect(taken).toMatchObject({ id, sent: false });
    if (typeof taken === "string") this.end([{ id }], taken);
    else this.offered.push(id);
    this.store();
    this.release();
  }

  release() {
    if (!this.up || this.held) return;
    const ready = this.queue.ready();
    const order = idsOf(ready).map((id) => this.offered.indexOf(id));
    expect(order).toEqual([...order].sort((one, two) => one - two));
    expect(this.queue.ready()).toEqual([]);
    this.write(ready);
  }

  enter() {
    this.held = false;
    this.release();
  }

  /** The server takes the oldest command in flight, and its answer arrives or does not. */
  serve(answerArrives: boolean) {
    const { command, at = 0 } = this.inFlight.shift() ?? {};
    // A link that holds a frame for a minute was found dead by its pings.
    if (!command || !this.up || at < this.now - 60_000) return;
    const key = `${this.user} ${command.id}`;
    const known = this.answers.get(key);
    if (this.plain || known === undefined || known <= this.now - windowMs) {
      this.applied.set(command.id, (this.applied.get(command.id) ?? 0) + 1);
      if (!this.plain) this.answers.set(key, this.now);
    }
    if (!answerArrives) return;
    if (this.queue.answered(command)) this.end([command], "answered");
    this.store();
  }

  connect(plain: boolean, user: string, held: boolean) {
    // A plain server may announce itself late.
    if (this.up && (!this.plain || plain || user !== this.user)) return;
    [this.plain, this.user, this.up, this.held] = [plain, user, true, held];
    const { foreign, lost, expired } = this.queue.connected(user, plain ? 0 : windowMs, this.now);
    this.inFlight = [];
    this.end(foreign, "another's");
    this.end(lost, "lost");
    this.end(expired, "expired");
    this.store();
    const waiting = this.queue.all();
    this.release();
    if (!held) expect(idsOf(this.inFlight.map(({ command }) => command))).toEqual(idsOf(waiting));
  }

  cut() {
    this.up = false;
    this.inFlight = [];
    const lost = this.queue.disconnected();
    for (const { id, sent } of lost) this.end([{ id }], sent ? "lost" : "offline");
    this.store();
  }

  pass(ms: number) {
    this.now += ms;
    this.wall += ms;
    const expired = this.queue.expire(this.now);
    expect(this.queue.dueAt).toBeGreaterThan(this.now);
    this.end(expired, "expired");
    this.store();
  }

  reload(awayMs: number) {
    this.up = false;
    this.inFlight = [];
    this.wall += awayMs;
    // Monotonic time starts anew with a page; the ledger's times are moved along.
    const shift = 50 - (this.now + awayMs);
    for (const [id, at] of this.offeredAt) this.offeredAt.set(id, at + shift);
    for (const [key, at] of this.answers) this.answers.set(key, at + shift);
    this.now = 50;
    const before = this.queue.all();
    const { plain } = this.queue;
    this.queue = createCommandQueue(limits, this.stored?.user ?? "u");
    for (const command of restoreQueue(this.queue, this.stored, this.now, this.wall)) command.known = true;
    const back = new Set(idsOf(this.queue.all()));
    this.end(
      before.filter(({ id }) => !back.has(id)),
      "gone with the page",
    );
    // Nothing that could wait, and could be written again, is lost by a reload before its time.
    for (const { id, sent } of before)
      if (!back.has(id) && this.policies.get(id) === "queue" && !(sent && plain))
        expect(this.offeredAt.get(id)).toBeLessThanOrEqual(this.now - limits.maxAgeMs);
  }

  policies = new Map<string, OfflinePolicy>();
}

const steps = fc.array(
  fc.record({
    do: fc.constantFrom(
      "offer",
      "offer",
      "offer",
      "serve",
      "serve",
      "connect",
      "connect",
      "enter",
      "cut",
      "pass",
      "reload",
    ),
    offline: fc.constantFrom<OfflinePolicy>("queue", "queue", "queue", "drop", "reject"),
    bytes: fc.nat(150),
    one: fc.boolean(),
    rarely: fc.nat(7).map((value) => value === 0),
    ms: fc.oneof(fc.nat(5_000), fc.constant(90_000)),
  }),
  { maxLength: 120, size: "max" },
);

describe("the command queue", () => {
  it("ends every command exactly once, applies none twice, writes none for another user or past its age, keeps order", () => {
    const ends = new Map<string, number>();
    holds(
      fc.property(steps, (list) => {
        const page = new Page();
        for (const [step, { do: what, offline, bytes, one, rarely, ms }] of list.entries()) {
          page.policies.set(`c${step}`, offline);
          if (what === "offer") page.offer(`c${step}`, offline, bytes);
          else if (what === "serve") page.serve(one);
          else if (what === "connect") page.connect(rarely, rarely && one ? "v" : "u", one);
          else if (what === "enter") page.enter();
          else if (what === "cut") page.cut();
          else if (what === "reload") page.reload(ms);
          else page.pass(ms);
        }
        page.pass(limits.maxAgeMs);
        expect(page.queue.all()).toEqual([]);
        expect(page.queue.dueAt).toBe(Number.POSITIVE_INFINITY);
        for (const id of page.offered) expect(page.ends.has(id)).toBe(true);
        for (const [id, times] of page.applied) expect([id, times]).toEqual([id, 1]);
        for (const [id, how] of page.ends) if (how === "answered") expect(page.applied.get(id)).toBe(1);
        for (const how of page.ends.values()) ends.set(how, (ends.get(how) ?? 0) + 1);
      }),
      400,
    );
    // Every way to end was seen, or the run has shown nothing.
    const ways = ["another's", "answered", "expired", "gone with the page", "lost", "offline", "queue_full"];
    expect([...ends.keys()].sort()).toEqual(ways);
  });

  it("is bounded by count and bytes while offline, and frees both again", () => {
    holds(
      fc.property(fc.array(fc.tuple(fc.nat(200), fc.boolean()), { maxLength: 40 }), (list) => {
        const queue = createCommandQueue(limits, "u");
        const kept: { id: string; bytes: number }[] = [];
        for (const [index, [bytes, answers]] of list.entries()) {
          const id = `c${index}`;
          const fits =
            kept.length < limits.maxCount && kept.reduce((sum, one) => sum + one.bytes, bytes) <= limits.maxBytes;
          const taken = queue.offer(commandOf(id, "queue", bytes), 0);
          if (fits) expect(taken).toMatchObject({ id, sent: false });
          else expect(taken).toBe("queue_full");
          if (fits) kept.push({ id, bytes });
          const [first] = queue.all();
          if (!answers || !first) continue;
          expect(queue.answered(first)).toBe(true);
          expect(queue.has(first)).toBe(false);
          expect(queue.answered(first)).toBe(false);
          expect(kept.shift()?.id).toBe(first.id);
        }
      }),
    );
  });

  it("resends to an announced server what has no answer, and to a plain one nothing that was written", () => {
    const queue = createCommandQueue(limits, "u");
    queue.connected("u", windowMs, 0);
    for (const id of ["a", "b", "c"]) queue.offer(commandOf(id), 0);
    expect(idsOf(queue.ready())).toEqual(["a", "b", "c"]);
    answer(queue, "b");
    expect(queue.disconnected()).toEqual([]);
    queue.offer(commandOf("d"), 0);
    queue.connected("u", windowMs, 0);
    expect(idsOf(queue.ready())).toEqual(["a", "c", "d"]);
    queue.disconnected();
    queue.offer(commandOf("e"), 0);
    expect(idsOf(queue.connected("u", 0, 0).lost)).toEqual(["a", "c", "d"]);
    expect(idsOf(queue.ready())).toEqual(["e"]);
    queue.offer(commandOf("f"), 0);
    queue.offer(commandOf("g", "drop"), 0);
    expect(idsOf(queue.disconnected())).toEqual(["e", "g"]);
    expect(idsOf(queue.all())).toEqual(["f"]);
  });

  it("gives what a plain server was sent up when that one announces itself, and keeps what waited", () => {
    const queue = createCommandQueue(limits, "u");
    queue.connected("u", 0, 0);
    queue.offer(commandOf("a"), 0);
    queue.ready();
    queue.offer(commandOf("b", "drop"), 0);
    expect(idsOf(queue.connected("u", windowMs, 0).lost)).toEqual(["a"]);
    expect(idsOf(queue.ready())).toEqual(["b"]);
  });

  it("keeps back what is not known yet, and gives it ahead of what came later", () => {
    const queue = createCommandQueue(limits, "u");
    queue.connected("u", windowMs, 0);
    queue.offer(commandOf("a"), 0);
    queue.ready();
    const stored = { ...commandOf("stored"), known: false, queuedAt: 0, expiresAt: 10, sent: true };
    queue.takeUp("u", [stored]);
    queue.offer(commandOf("b"), 0);
    expect(idsOf(queue.ready())).toEqual(["b"]);
    queue.offer(commandOf("c"), 0);
    stored.known = true;
    expect(idsOf(queue.ready())).toEqual(["stored", "c"]);
  });

  it("sends what was stored as sent again at its first connection, ahead of what was written while it was read", () => {
    const queue = createCommandQueue(limits);
    queue.connected("u", windowMs, 0);
    queue.offer(commandOf("a"), 0);
    queue.takeUp("u", [{ ...commandOf("stored"), queuedAt: 0, expiresAt: 10, sent: true }]);
    expect(idsOf(queue.ready())).toEqual(["stored", "a"]);
    const next = createCommandQueue(limits);
    next.takeUp("u", [{ ...commandOf("stored"), queuedAt: 0, expiresAt: 10, sent: true }]);
    expect(next.connected("u", windowMs, 0).lost).toEqual([]);
    expect(idsOf(next.ready())).toEqual(["stored"]);
  });

  it("takes one answer to a command, and none to what it does not have", () => {
    const queue = createCommandQueue(limits, "u");
    const queued = queue.offer(commandOf("a"), 0) as QueuedCommand;
    expect(queue.answered(commandOf("a"))).toBe(false);
    expect([queue.answered(queued), queue.answered(queued)]).toEqual([true, false]);
    expect(queue.answered(commandOf("b"))).toBe(false);
  });

  it("takes the first user it is connected as for its own, and gives nothing to the next", () => {
    const queue = createCommandQueue(limits);
    queue.offer(commandOf("a"), 0);
    expect(queue.connected("u", windowMs, 0)).toEqual({ foreign: [], lost: [], expired: [] });
    expect(idsOf(queue.ready())).toEqual(["a"]);
    queue.disconnected();
    queue.offer(commandOf("b"), 0);
    expect(idsOf(queue.connected("v", windowMs, 0).foreign)).toEqual(["a", "b"]);
    expect(queue.ready()).toEqual([]);
    queue.offer(commandOf("c"), 0);
    expect(toStoredQueue(queue, 0, 0)).toMatchObject({ user: "v", commands: [{ id: "c" }] });
  });

  it("expires by its own time to live or the age limit, whichever is shorter, always within the server's window", () => {
    const queue = createCommandQueue(limits, "u");
    queue.offer(commandOf("short"), 0, 1_000);
    queue.offer(commandOf("long"), 0, 999_999);
    queue.offer(commandOf("usual"), 1);
    expect(idsOf(queue.expire(999))).toEqual([]);
    expect(idsOf(queue.expire(1_000))).toEqual(["short"]);
    expect(idsOf(queue.connected("u", 10_000, 8_000).expired)).toEqual(["long"]);
    expect(idsOf(queue.ready())).toEqual(["usual"]);
    expect(queue.dueAt).toBe(8_001);
    queue.offer(commandOf("next"), 8_000);
    answer(queue, "usual");
    expect(queue.dueAt).toBe(16_000);
  });

  it("expires by the age limit where its time to live is no number", () => {
    const queue = createCommandQueue(limits, "u");
    queue.offer(commandOf("a"), 0, Number.NaN);
    expect(queue.dueAt).toBe(limits.maxAgeMs);
    expect(idsOf(queue.expire(limits.maxAgeMs))).toEqual(["a"]);
  });
});

describe("a stored queue", () => {
  const queue = createCommandQueue(limits, "u");
  queue.offer(commandOf("a"), 1_000);
  queue.connected("u", windowMs, 1_000);
  queue.ready();
  queue.disconnected();
  queue.offer(commandOf("b"), 2_000);
  const stored = toStoredQueue(queue, 11_000, 500_000);

  it("comes back ahead of newer commands, older by the time that passed", () => {
    const next = createCommandQueue(limits);
    next.offer(commandOf("new"), 40);
    expect(idsOf(restoreQueue(next, stored, 50, 510_000))).toEqual(["a", "b"]);
    expect(idsOf(next.all())).toEqual(["a", "b", "new"]);
    expect(next.user).toBe("u");
    expect(next.all().map(({ queuedAt, sent }) => [queuedAt, sent])).toEqual([
      [50 - 20_000, true],
      [50 - 19_000, false],
      [40, false],
    ]);
    expect(idsOf(next.expire(50 + 100_000))).toEqual(["a"]);
  });

  it("comes back between those of other pages, each command in its place by its age", () => {
    const earlier = createCommandQueue(limits, "u");
    earlier.offer(commandOf("between"), 1_500);
    earlier.offer(commandOf("after"), 2_500);
    const other = toStoredQueue(earlier, 11_000, 500_000);
    for (const order of [
      [stored, other],
      [other, stored],
    ]) {
      const next = createCommandQueue(limits);
      next.offer(commandOf("new"), 40);
      for (const each of order) for (const command of restoreQueue(next, each, 50, 510_000)) command.known = true;
      next.connected("u", windowMs, 50);
      expect(idsOf(next.ready())).toEqual(["a", "between", "b", "after", "new"]);
    }
  });

  it("is left alone by another user, and not taken twice", () => {
    const other = createCommandQueue(limits, "v");
    expect(restoreQueue(other, stored, 50, 510_000)).toEqual([]);
    expect([other.all(), other.user]).toEqual([[], "v"]);
    const same = createCommandQueue(limits, "u");
    restoreQueue(same, stored, 50, 510_000);
    expect(restoreQueue(same, stored, 50, 510_000)).toEqual([]);
    expect(same.all()).toHaveLength(2);
  });

  it("gives up what was sent when the clock was set back meanwhile, and keeps what was not", () => {
    const next = createCommandQueue(limits);
    expect(idsOf(restoreQueue(next, stored, 50, 400_000))).toEqual(["b"]);
  });

  it("expires by its own time to live as well, of which what passed is gone, and never has more than the age limit", () => {
    const own = createCommandQueue(limits, "u");
    own.offer(commandOf("short"), 0, 20_000);
    own.offer(commandOf("usual"), 0);
    const [short, usual] = toStoredQueue(own, 5_000, 500_000)?.commands ?? [];
    /** When what is left of it in a page that reads it `passed` ms later was queued, and when it expires; none is `[]`. */
    const times = (command: object | undefined, passed: number) => {
      const next = createCommandQueue(limits);
      restoreQueue(next, { v: 1, user: "u", at: 500_000, commands: [command] }, 50, 500_000 + passed);
      return next.all().flatMap(({ queuedAt, expiresAt }) => [queuedAt, expiresAt]);
    };
    expect(times(short, 4_000)).toEqual([50 - 9_000, 50 + 11_000]);
    expect(times(short, 14_999)).toEqual([50 - 19_999, 50 + 1]);
    expect(times(short, 15_000)).toEqual([]);
    // Where the clock was set back, none is known to have passed.
    expect(times(short, -4_000)).toEqual([50 - 5_000, 50 + 15_000]);
    expect(times(usual, -4_000)).toEqual([50 - 5_000, 50 + 115_000]);
    expect(times({ ...usual, left: 9e15 }, 0)).toEqual([50 - 5_000, 50 + 115_000]);
  });

  it("comes back once, to be judged, and as sent where it does not say that it was not", () => {
    const next = createCommandQueue(limits);
    const { sent: _, ...unsaid } = (stored as StoredQueue).commands[1] as StoredCommand;
    const taken = restoreQueue(next, { ...stored, commands: [unsaid, unsaid] }, 50, 510_000);
    expect(taken).toMatchObject([{ id: "b", sent: true, known: false }]);
    next.clear();
    // Its bytes are free again, and were counted once.
    const whole = { ...commandOf("whole"), bytes: limits.maxBytes };
    expect(next.offer(whole, 50)).toMatchObject({ id: "whole" });
  });

  it("holds nothing that was written to a plain server, which cannot tell it from a new one", () => {
    const plain = createCommandQueue(limits, "u");
    plain.offer(commandOf("a"), 0);
    plain.connected("u", 0, 0);
    plain.ready();
    plain.offer(commandOf("b"), 0);
    expect(toStoredQueue(plain, 0, 0)?.commands).toMatchObject([{ id: "b" }]);
  });

  it("is not written before its user is known", () => {
    const unknown = createCommandQueue(limits);
    unknown.offer(commandOf("a"), 0);
    expect(toStoredQueue(unknown, 0, 0)).toBeUndefined();
  });

  it("is passed over where it is malformed, and never throws", () => {
    const good = stored as StoredQueue;
    const wrong: unknown[] = [
      undefined,
      null,
      "queue",
      { ...good, v: 2 },
      { ...good, user: "" },
      { ...good, user: 7 },
      { ...good, commands: {} },
      { ...good, at: "soon" },
      { ...good, commands: [null, 1, {}, { ...good.commands[0], id: "a b" }] },
      { ...good, commands: [{ ...good.commands[0], age: "1" + "x" }] },
      { ...good, commands: [{ ...good.commands[0], left: Number.NaN }] },
      { ...good, commands: [{ ...good.commands[0], left: 9e15, age: -9e15 }] },
      { ...good, commands: [{ ...good.commands[0], bytes: -1 }] },
      { ...good, commands: [{ ...good.commands[0], bytes: "many" }] },
      { ...good, commands: [{ ...good.commands[0], name: 5 }] },
    ];
    for (const value of wrong) {
      const next = createCommandQueue(limits);
      expect(restoreQueue(next, value, 50, 510_000), JSON.stringify(value)).toEqual([]);
    }
    holds(fc.property(fc.anything(), (value) => void restoreQueue(createCommandQueue(limits), value, 0, 0)));
    const item = fc.record({
      id: fc.anything(),
      name: fc.constant("n"),
      age: fc.anything(),
      left: fc.anything(),
      bytes: fc.anything(),
    });
    holds(
      fc.property(fc.array(item), (commands) => {
        const next = createCommandQueue(limits);
        for (const command of restoreQueue(next, { v: 1, user: "u", at: 0, commands }, 0, 0)) {
          expect(command.expiresAt).toBeGreaterThan(0);
          expect(command.expiresAt).toBeLessThanOrEqual(limits.maxAgeMs);
        }
      }),
    );
  });
});
