import fc from "fast-check";
import { WebSocket } from "socket.io-client";
import type { Page } from "./browser.js";

export const quays = ["quay_p", "quay_q"] as const;
export type Quay = (typeof quays)[number];

const publishings = ["numbered", "numbered", "pack", "loose", "lost", "broken"] as const;
const modes = ["announced", "announced", "plain", "eager", "late", "mismatch"] as const;
const doors = ["open", "open", "busy", "closed", "dead"] as const;
const entries = ["ok", "ok", "paged", "odd", "malformed", "forbidden", "internal", "silent"] as const;
const answers = ["ok", "ok", "slow", "twice", "malformed", "ship_full", "rate_limited", "silent"] as const;
const greetings = ["own", "own", "none", "crew", "twice", "odd"] as const;
const pages = ["ok", "short", "malformed", "log_unknown", "held_too_much", "silent"] as const;
type Publishing = (typeof publishings)[number];

/** What a server and the way to it do to a client. */
export type Fault =
  | { readonly do: "publish"; readonly room: Quay | "sailor" | "crew"; readonly count: number; readonly as: Publishing }
  | { readonly do: "cut" | "drown" | "kick" | "warn" | "flush" }
  | { readonly do: "bye"; readonly code: string }
  | { readonly do: "left"; readonly room: Quay | "sailor" }
  | { readonly do: "set"; readonly to: Partial<Manners> };

/** How a server treats whoever comes next. */
interface Manners {
  readonly mode: (typeof modes)[number];
  readonly door: (typeof doors)[number];
  readonly entry: (typeof entries)[number];
  readonly answer: (typeof answers)[number];
  readonly greeting: (typeof greetings)[number];
  readonly page: (typeof pages)[number];
  readonly user: string;
}

/** What a server is like where nothing is wrong. */
export const wellMannered = {
  mode: "announced",
  door: "open",
  entry: "ok",
  answer: "ok",
  greeting: "own",
  page: "ok",
} as const;

const what = <TName extends string>(name: TName) => fc.constant(name);
const set = (weight: number, to: fc.Arbitrary<Partial<Manners>>) => ({
  weight,
  arbitrary: fc.record({ do: what("set"), to }),
});
export const fault: fc.Arbitrary<Fault> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: what("publish"),
      room: fc.constantFrom(...quays, "sailor" as const, "crew" as const),
      count: fc.integer({ min: 1, max: 4 }),
      as: fc.constantFrom(...publishings),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom(
        "cut" as const,
        "cut" as const,
        "drown" as const,
        "kick" as const,
        "warn" as const,
        "flush" as const,
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: what("bye"), code: fc.constantFrom("server_closing", "evicted", "revoked") }),
  },
  { weight: 1, arbitrary: fc.record({ do: what("left"), room: fc.constantFrom(...quays, "sailor" as const) }) },
  set(2, fc.record({ mode: fc.constantFrom(...modes) })),
  set(1, fc.record({ door: fc.constantFrom(...doors) })),
  set(2, fc.record({ entry: fc.constantFrom(...entries) })),
  set(2, fc.record({ answer: fc.constantFrom(...answers) })),
  set(1, fc.record({ greeting: fc.constantFrom(...greetings) })),
  set(1, fc.record({ page: fc.constantFrom(...pages) })),
  set(1, fc.record({ user: fc.constantFrom("ada", "bob") })),
);

interface Room {
  readonly epoch: string;
  /** The event of each number, from 1. */
  readonly log: number[];
}

type Json = { readonly [key: string]: unknown };
type Answer = (body: unknown) => void;

/** How long anything is under way, ms. */
const lagMs = 2;
/** How long a late server takes to announce itself: longer than a client waits for one that did so before, ms. */
const lateMs = 1_700;
/** How long an entry is waited for, ms. */
const entryMs = 9_990;
/** How often a server wants to hear that a connection is alive, and for how long it waits for that, ms. */
const pings = { pingInterval: 25_000, pingTimeout: 20_000 };
/** What is no answer to a command. */
const malformed = [null, 5, "ok", {}, { ok: "true" }, { ok: false }, { ok: false, error: 7 }, { ok: true, data: 7 }];

/** A WebSocket as a client's transport sees it, and its other end. */
class Line {
  onopen: (() => void) | undefined;
  onclose: ((event: object) => void) | undefined;
  onmessage: ((event: { readonly data: string }) => void) | undefined;
  user = "";
  isAnnounced = false;
  isConnected = false;
  readonly members = new Set<string>();
  /** When each room was last asked for that was not answered. */
  readonly entering = new Map<string, number>();
  lastCommand = 0;
  /** What a server that is late has not come to yet. */
  held: (() => void)[] | undefined;
  private isOpen = true;
  private readonly pinging: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly server: SimulatedServer,
    readonly page: Page,
    isDead: boolean,
  ) {
    if (isDead) return;
    this.later(() => this.onopen?.());
    this.say(`0${JSON.stringify({ sid: "e", upgrades: [], ...pings, maxPayload: 1e6 })}`);
    this.pinging = setInterval(() => this.say("2"), pings.pingInterval);
  }

  send(data: string): void {
    this.later(() => this.server.hear(this, data));
  }

  /** The client closes. */
  close(): void {
    this.isOpen = false;
    clearInterval(this.pinging);
    this.server.lines.delete(this);
    this.server.drowned.delete(this);
  }

  cut(): void {
    this.close();
    this.onclose?.({});
  }

  /** It ends without a word. */
  drown(): void {
    this.close();
    this.server.drowned.add(this);
  }

  say(data: string): void {
    this.later(() => this.onmessage?.({ data }));
  }

  emit(...packet: unknown[]): void {
    this.say(`42${JSON.stringify(packet)}`);
  }

  later(act: () => void, ms = lagMs): void {
    setTimeout(() => {
      if (this.isOpen) act();
    }, ms);
  }
}

/** A server in a client's own process and time, which says what is drawn, and counts what it hears. */
export class SimulatedServer {
  readonly lines = new Set<Line>();
  /** Those of which the client does not know that they are gone. */
  readonly drowned = new Set<Line>();
  manners: Manners = { ...wellMannered, user: "ada" };
  /** Events so far; each one's number is its payload, and here is its room. */
  readonly roomOf = new Map<number, string>();
  /** Those that have no number of their room's. */
  readonly loose = new Set<number>();
  /** Commands that were carried out. */
  readonly applied: { readonly n: number; readonly user: string; readonly isPlain: boolean }[] = [];
  private readonly rooms = new Map<string, Room>();
  private readonly answers = new Map<string, { readonly body: unknown; readonly at: number }>();
  /** Until when a room is closed to whoever was put out of it. */
  private readonly denied = new Map<string, number>();
  /** When the client last left a room; what it wrote before may not be here yet. */
  private readonly leftAt = new Map<string, number>();
  private epochs = 0;

  constructor(
    private readonly wrong: (what: string) => void,
    private readonly note: (line: string) => void,
    /** Whether commands come in the order in which they were sent. */
    private readonly isOrdered: boolean,
    /** ms, as the world counts them. */
    private readonly now: () => number,
    /** How long it keeps answers, ms; it says 300,000. */
    private readonly answerMs: number,
    /** What it has let a client into as it came. */
    private readonly greeted: (rooms: readonly string[]) => void,
  ) {}

  /** A page's way to it, for `transports`. */
  transportOf(page: Page): typeof WebSocket {
    const dialled = () => {
      const line = new Line(this, page, this.manners.door === "dead" || !page.isAlive);
      this.lines.add(line);
      return line;
    };
    class Transport extends (WebSocket as unknown as new () => { ws: Line }) {
      createSocket(): Line {
        return dialled();
      }
      doWrite(_packet: unknown, data: string): void {
        this.ws.send(data);
      }
    }
    return Transport as unknown as typeof WebSocket;
  }

  /** Unix ms, on its own clock. */
  private at(): number {
    return 1_800_000_000_000 + Math.floor(this.now());
  }

  /** Whoever was on them hears of it. */
  rescue(): void {
    for (const line of [...this.drowned]) line.cut();
  }

  /** Whether a log may still hold an event. */
  isKept(n: number): boolean {
    return this.room(this.roomOf.get(n) as string).log.includes(n);
  }

  isIn(room: string): boolean {
    return [...this.lines].some(({ members }) => members.has(room));
  }

  /** The client does not want to be in a room: what it asks for next is another entry. */
  left(room: string): void {
    this.leftAt.set(room, this.now());
  }

  hear(line: Line, text: string) {
    if (text.startsWith("40")) return this.admit(line, JSON.parse(text.slice(2)) as Json);
    const [, ack, packet] = /^42(\d*)(\[.*)$/s.exec(text) ?? [];
    // A ping's answer, or words of farewell.
    if (packet === undefined) return;
    const [name, ...args] = JSON.parse(packet) as [string, ...Json[]];
    if (name !== "$heads") this.note(`  server hears ${packet.slice(0, 120)}`);
    const answer = (body: unknown) => line.say(`43${ack}${JSON.stringify([body])}`);
    const handle = () => this.handle(line, name, args, answer);
    if (line.held) line.held.push(handle);
    else handle();
  }

  publish(name: string, count: number, as: Publishing): number[] {
    const { epoch, log } = this.room(name);
    const numbers = Array.from({ length: count }, () => this.nextEvent(name));
    const first = log.length + 1;
    if (as === "loose") for (const n of numbers) this.loose.add(n);
    else log.push(...numbers);
    for (const line of this.lines) {
      if (!line.members.has(name) || as === "lost") continue;
      const events = numbers.map((count) => ["gull_seen", { count: as === "broken" ? -1 : count }]);
      if (line.isAnnounced && as === "pack") line.emit("$pack", { epoch, seq: first, at: this.at() }, events);
      else
        events.forEach((event, index) => {
          const envelope = { epoch, ...(as !== "loose" && { seq: first + index }), at: this.at() };
          line.emit(...event, ...(line.isAnnounced ? [envelope] : []));
        });
    }
    return numbers;
  }

  suffer(one: Fault) {
    switch (one.do) {
      case "publish":
        this.publish(this.named(one.room), one.count, one.as);
        return;
      case "set":
        this.manners = { ...this.manners, ...one.to };
        return;
      case "flush":
        return this.rooms.clear();
    }
    for (const line of [...this.lines]) {
      if (one.do === "cut") line.cut();
      else if (one.do === "drown") line.drown();
      else if (one.do === "warn") line.emit("$warn", { expires_at: 1 });
      else if (one.do !== "left") {
        if (one.do === "bye") line.emit("$bye", { code: one.code, retry_after_ms: 30, spread_ms: 30 });
        line.say("41");
      } else if (line.isAnnounced && line.members.delete(this.named(one.room))) {
        this.denied.set(one.room, this.now() + 10 * lagMs);
        line.emit("$left", { room: this.named(one.room), code: "revoked" });
      }
    }
  }

  private named(room: Quay | "sailor" | "crew"): string {
    return { sailor: `sailor_${this.manners.user}`, crew: "sailor_crew" }[room as "sailor"] ?? room;
  }

  private room(name: string): Room {
    const known = this.rooms.get(name);
    if (known) return known;
    const room = { epoch: `${String(this.epochs++).padStart(10, "A")}A`, log: [] };
    this.rooms.set(name, room);
    return room;
  }

  private nextEvent(room: string): number {
    const n = this.roomOf.size + 1;
    this.roomOf.set(n, room);
    return n;
  }

  private admit(line: Line, auth: Json) {
    const { mode, door } = this.manners;
    const refused = { busy: "backend_unavailable", closed: "unauthenticated" }[door as string];
    if (refused) return line.say(`44${JSON.stringify({ message: "no", data: { code: refused } })}`);
    line.user = String(auth.token);
    line.isConnected = true;
    line.say(`40${JSON.stringify({ sid: "s" })}`);
    const own = `sailor_${line.user}`;
    if (mode !== "late") line.members.add(own);
    if (mode === "eager") line.emit("gull_seen", { count: this.nextEvent(own) });
    if (mode === "late") {
      line.held = [];
      line.later(() => this.greet(line, own, [], "1.0.0"), lateMs);
    } else if (mode === "announced" || mode === "mismatch") {
      const { cursors } = auth.$events as { readonly cursors: readonly Json[] };
      this.greet(line, own, cursors, mode === "mismatch" ? "2.0.0" : "1.0.0");
    }
  }

  private greet(line: Line, own: string, cursors: readonly Json[], version: string): void {
    const { greeting } = this.manners;
    line.isAnnounced = true;
    line.members.delete(own);
    const names = greeting === "none" ? [] : greeting === "crew" ? [own, "sailor_crew"] : [own];
    this.greeted(names);
    const entries = names.map((room) => {
      line.members.add(room);
      const cursor = cursors.find((each) => each.room === room);
      return { room, ...this.enter(room, cursor) };
    });
    const rooms = entries.map(({ room, answer }) => ({ room, ...answer }));
    const hello = {
      v: 1,
      contract: `harbour@${version}`,
      user_id: line.user,
      features: ["recovery", "packs", "answers"],
      limits: { payload_bytes: 65_536, answer_ms: 300_000 },
      rooms: greeting === "odd" ? [null, { room: "quay_p" }, ...rooms, { room: 5, epoch: "" }] : rooms,
    };
    line.emit("$hello", hello);
    if (greeting === "twice") line.emit("$hello", { ...hello, user_id: "eve", rooms: [] });
    for (const { replay } of entries) replay(line);
    for (const handle of line.held?.splice(0) ?? []) handle();
    line.held = undefined;
  }

  private enter(name: string, cursor: Json | undefined) {
    const { epoch, log } = this.room(name);
    const { length: seq } = log;
    const isRecovered = cursor?.epoch === epoch;
    const after = isRecovered ? (cursor.seq as number) : seq;
    const isPaged = this.manners.entry === "paged" && after < seq;
    const replay = (line: Line) => {
      for (let at = isPaged ? seq : after; at < seq; at++)
        line.emit("gull_seen", { count: log[at] }, { epoch, seq: at + 1, at: this.at() });
    };
    const reason = cursor && !isRecovered ? { reason: "epoch_changed" } : {};
    return { answer: { epoch, seq, recovered: isRecovered, ...reason, ...(isPaged && { paged: true }) }, replay };
  }

  /** Whether a room is asked for by one who waits for it already. */
  private isEntered(line: Line, name: string, room: string): void {
    const key = `${name} ${room}`;
    const last = line.entering.get(key) ?? -Infinity;
    const isAnother = (this.leftAt.get(room) ?? -Infinity) >= last - lagMs;
    if (!isAnother && this.now() - last < entryMs) this.wrong(`${room} is entered twice`);
    line.entering.set(key, this.now());
  }

  private handle(line: Line, name: string, [body = {}, extra]: readonly Json[], answer: Answer) {
    const refuse = (code: string) => answer({ ok: false, error: { code } });
    const { entry } = this.manners;
    switch (name) {
      case "$enter": {
        const room = String(body.room);
        this.isEntered(line, name, room);
        if (entry === "silent") return;
        line.entering.delete(`${name} ${room}`);
        if (entry === "internal") return refuse(entry);
        if (entry === "forbidden" || this.now() < (this.denied.get(room) ?? 0)) {
          // One that was late was asked by `dock` before.
          line.members.delete(room);
          return refuse("forbidden");
        }
        line.members.add(room);
        const { answer: entered, replay } = this.enter(room, body.cursor as Json | undefined);
        if (entry === "malformed") return answer({ ok: true, ...entered, seq: -1 });
        answer({ ok: true, ...entered, data: entry === "odd" ? 5 : { quay_id: room.slice(5), members: [] } });
        return replay(line);
      }
      case "dock": {
        const room = `quay_${String(body.quay_id)}`;
        this.isEntered(line, name, room);
        // A plain handler that raises after it let somebody in never acknowledges.
        line.members.add(room);
        if (entry === "silent") return;
        line.entering.delete(`${name} ${room}`);
        return answer({});
      }
      case "undock": {
        const room = `quay_${String(body.quay_id)}`;
        line.members.delete(room);
        // A late one hears of a stay, its end and the next stay at once.
        line.entering.delete(`dock ${room}`);
        return answer({ ok: true, data: {} });
      }
      case "$page": {
        const { epoch, after, limit } = body as { epoch: string; after: number; limit: number };
        const room = [...this.rooms.values()].find((each) => each.epoch === epoch);
        if (!room || entry === "internal") return refuse(room ? "internal" : "log_unknown");
        const { page } = this.manners;
        if (page === "silent") return;
        if (page === "log_unknown" || page === "held_too_much") return refuse(page);
        const events = room.log.slice(after, after + limit).map((count) => ["gull_seen", { count }, 1]);
        if (page === "malformed") return answer({ ok: true, events: [...events, ["$pack", {}, 1]] });
        return answer({ ok: true, events: page === "short" ? events.slice(0, 1) : events });
      }
      case "$heads": {
        const rooms = (body.cursors as readonly Json[]).map(({ room }) => String(room));
        const heads = rooms.map((room) => ({ room, epoch: this.room(room).epoch, seq: this.room(room).log.length }));
        return answer({ ok: true, at: this.at(), heads });
      }
      case "$auth":
        return answer({ ok: true });
      case "load_ship":
        return this.apply(line, Number(body.ship_id), { on_board: 1 }, extra, answer);
      case "whistle":
        return this.apply(line, Number(body.tune), {}, extra, answer);
    }
  }

  private apply(line: Line, n: number, data: object, extra: Json | undefined, answer: Answer) {
    if (Number.isNaN(n)) this.wrong("a command of another user is sent");
    if (this.isOrdered && n <= line.lastCommand) this.wrong(`command ${n} is written after ${line.lastCommand}`);
    line.lastCommand = n;
    const key = line.isAnnounced && `${line.user} ${String(extra?.id)}`;
    const how = this.manners.answer;
    const say = (body: unknown) => {
      if (how === "silent") return;
      const said = how === "malformed" && key ? malformed[n % malformed.length] : body;
      line.later(() => answer(said), how === "slow" ? 700 : 0);
      if (how === "twice") line.later(() => answer({ ok: false, error: { code: "internal" } }), 1);
    };
    const before = key ? this.answers.get(key) : undefined;
    if (before && this.now() - before.at < this.answerMs) return say(before.body);
    if (key && (how === "ship_full" || how === "rate_limited")) {
      const refused = { ok: false, error: { code: how } };
      // What was refused before its handler may come again.
      if (how === "ship_full") this.answers.set(key, { body: refused, at: this.now() });
      return answer(refused);
    }
    this.applied.push({ n, user: line.user, isPlain: !key });
    const body = key ? { ok: true, data } : data;
    if (key) this.answers.set(key, { body, at: this.now() });
    say(body);
  }
}
