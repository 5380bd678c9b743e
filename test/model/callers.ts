import type { TypesOf } from "@gestaloka/events";
import {
  CommandError,
  type CommandState,
  createEventClient,
  createStorage,
  type DeliveryReport,
  deliveryReport,
} from "@gestaloka/events/client";
import fc from "fast-check";
import { vi } from "vitest";
import { contract } from "../fixtures/contract.js";
import { Browser, type Happening, Page } from "./browser.js";
import { type Quay, quays, SimulatedServer, wellMannered } from "./simulated-server.js";

/** What a caller may do whenever it is called; `reopen` is `close()` and `connect()` in one. */
export type Action =
  | { readonly do: "close" | "forget" | "connect" | "reopen" | "throw" | "once" }
  | { readonly do: "join" | "leave"; readonly quay: Quay }
  | { readonly do: "send"; readonly name: "load_ship" | "whistle"; readonly ttlMs: number | undefined };

const calls = ["close", "forget", "connect", "connect", "reopen", "throw", "once"] as const;
export const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ do: fc.constantFrom(...calls) }),
  fc.record({
    do: fc.constantFrom("join" as const, "join" as const, "leave" as const),
    quay: fc.constantFrom(...quays),
  }),
  fc.record({
    do: fc.constant("send" as const),
    name: fc.constantFrom("load_ship" as const, "load_ship" as const, "whistle" as const),
    ttlMs: fc.constantFrom(undefined, undefined, 0, 50, 3_000),
  }),
);

/** After so many more calls of the application's code, that code does this. */
export interface Reaction {
  readonly after: number;
  readonly action: Action;
}

interface Setting {
  readonly storage: "none" | "sync" | "async" | "early" | "unlocked";
  /** Whether the machine sleeps now and then; else its clock is set. */
  readonly sleeps: boolean;
  readonly isUserKnown: boolean;
  readonly reports: boolean;
  readonly mode: "announced" | "plain";
}

interface Sent {
  readonly n: number;
  /** Who the client was at that moment; `undefined` where that was not known. */
  readonly user: string | undefined;
  readonly by: number;
  outcome: string | undefined;
}

/** From a `join` to the `leave`, or to the word that the room is closed. */
interface Stay {
  /** Events up to here are older. */
  readonly since: number;
  /** What was handled last. */
  last: number;
  isResynced: boolean;
  /** Joined in the middle of a `close({ forget: true })`, it may or may not be forgotten with the others. */
  isSure: boolean;
}

/** What a caller throws. */
class Drawn extends Error {}

/** Longer than commands are kept back by rooms that are being entered, and by a storage that is slow, ms. */
const heldBackMs = 13_000;
const oldestMs = 120_000;
/** A server waits for a word of a client for so long, ms. */
const longestSilenceMs = 45_000;

type Client = ReturnType<typeof createEventClient<TypesOf<typeof contract>>>;

/** A client in a simulated world, the application's code around it, and what must come of it. */
export class Callers {
  readonly wrong: string[] = [];
  readonly server: SimulatedServer;
  private readonly browser = new Browser();
  private client!: Client;
  private page!: Page;
  /** Another tab, which only sends. */
  private tab: { readonly page: Page; readonly client: Client } | undefined;
  private readonly lines: string[] = [];
  private readonly sent: Sent[] = [];
  private readonly states = new Map<string, CommandState>();
  private readonly stays = new Map<string, Stay>();
  /** How much there was as a room was joined for the first time. */
  private readonly joinedAt = new Map<string, number>();
  private readonly handled = new Set<number>();
  /** Where it stands in rooms that are entered on authentication. */
  private readonly places = new Map<string, { last: number; isResynced: boolean }>();
  /** Whoever looks into the credential; the option `userId` says the same. */
  private known: string | undefined;
  /** Whether the last word was `connect`, and how many calls of `close` are under way. */
  private isWanted = true;
  private closing = 0;
  private user: string | undefined;
  private isCalm = false;
  private waited = 0;
  private reacted = 0;

  constructor(
    private readonly setting: Setting,
    private readonly reactions: readonly Reaction[],
    dice: number,
  ) {
    const { mode, sleeps } = setting;
    this.replaceGlobals(dice);
    this.server = new SimulatedServer(
      (what) => this.fail(what),
      (line) => this.note(line),
      !this.isStored,
      () => this.browser.elapsed(),
      // A clock that was set back makes stored commands younger than they are.
      sleeps ? 300_000 : Infinity,
      (rooms) => {
        for (const room of this.places.keys()) if (!rooms.includes(room)) this.places.delete(room);
      },
    );
    this.server.manners = { ...this.server.manners, mode };
    this.open();
  }

  private get isStored(): boolean {
    return this.setting.storage !== "none";
  }

  /** The application's page is there. */
  private open(): void {
    const { isUserKnown } = this.setting;
    this.known = isUserKnown ? this.server.manners.user : undefined;
    this.user = this.known;
    this.isWanted = true;
    this.stays.clear();
    this.joinedAt.clear();
    this.places.clear();
    this.page = new Page();
    this.client = this.createClient(this.page, (point) => this.react(point));
    this.listen(this.page, this.client);
  }

  private createClient(page: Page, react: (point: string) => void): Client {
    const { storage, reports } = this.setting;
    const { known, browser } = this;
    const called = (point: string) => {
      if (!page.isLeft) react(point);
    };
    return createEventClient("http://localhost", {
      contract,
      auth: () => {
        called("auth");
        return browser.find(() => ({ token: known ?? this.server.manners.user }));
      },
      ...(known !== undefined && { userId: known }),
      ...(storage !== "none" && {
        storage: createStorage(
          browser.storeOf(page, storage === "unlocked" ? "sync" : storage, (name) => called(`store.${name}`)),
          storage === "unlocked" ? undefined : browser.locksOf(page),
        ),
      }),
      ...(reports && { report: (clock: () => number) => this.createReport(clock) }),
      onError: () => called("onError"),
      onInvalid: () => called("onInvalid"),
      debug: () => called("debug"),
      helloTimeoutMs: 100,
      headsIntervalMs: 5_000,
      handshakeTimeoutMs: 400,
      socket: { transports: [this.server.transportOf(page)] as never },
    });
  }

  /** What the browser does. */
  async happen(one: Happening): Promise<void> {
    const { browser } = this;
    switch (one.do) {
      case "clock":
        this.setTime(one);
        break;
      case "storage":
        browser.setStorage(one.shape);
        break;
      case "auth":
        browser.auth = one.is;
        break;
      case "reload":
      case "kill":
        await this.reload(one.do);
        break;
      case "oversleep":
        await this.oversleep(one);
        break;
      case "tab":
        this.tabDoes(one.does);
        break;
      default:
        try {
          browser.say(one.do);
        } catch (error) {
          if (!(error instanceof Drawn)) throw error;
        }
    }
    await calledBack();
  }

  private async reload(by: "reload" | "kill"): Promise<void> {
    this.isWanted = false;
    this.goAway(this.page, this.client, by === "kill");
    await calledBack();
    this.open();
  }

  private async oversleep({ isCounted, next }: Extract<Happening, { readonly do: "oversleep" }>): Promise<void> {
    const { server } = this;
    const { answer } = server.manners;
    server.manners = { ...server.manners, answer: "silent" };
    this.send({ do: "send", name: "load_ship", ttlMs: undefined });
    await this.pass(20);
    server.manners = { ...server.manners, answer };
    this.setTime({ do: "clock", ms: 600_000, isCounted, isHeard: false });
    if (next !== "wake") await this.reload(next);
  }

  private setTime({ ms, isCounted, isHeard }: Extract<Happening, { readonly do: "clock" }>): void {
    const { browser, server } = this;
    if (!this.setting.sleeps) {
      browser.setClock(ms);
      return;
    }
    const sleepMs = Math.abs(ms);
    browser.sleep(sleepMs, isCounted);
    if (sleepMs < longestSilenceMs) return;
    for (const line of [...server.lines])
      if (isHeard) line.cut();
      else line.drown();
  }

  private goAway(page: Page, client: Client, isKilled: boolean): void {
    page.isLeft = true;
    if (isKilled) {
      page.kill();
      for (const line of [...this.server.lines]) if (line.page === page) line.cut();
    }
    // Of one that was killed only the timers are left to stop.
    client.close();
    page.kill();
  }

  private tabDoes(does: Extract<Happening, { readonly do: "tab" }>["does"]): void {
    if (does === "open" && !this.tab) {
      const page = new Page();
      this.tab = { page, client: this.createClient(page, () => {}) };
      return;
    }
    const { tab } = this;
    if (!tab) return;
    const { page, client } = tab;
    if (does === "open") client.connect();
    else if (does === "close" || does === "forget") client.close({ forget: does === "forget" });
    else if (does === "send") this.sendBy(tab.client, { do: "send", name: "load_ship", ttlMs: undefined }, undefined);
    else {
      this.tab = undefined;
      this.goAway(page, client, true);
    }
  }

  note(line: string): void {
    this.lines.push(line);
  }

  story(): string {
    return this.lines.join("\n");
  }

  async perform(one: Action): Promise<void> {
    try {
      this.act(one);
    } catch (error) {
      if (!(error instanceof Drawn)) throw error;
    }
    await calledBack();
  }

  /** Lets so much time pass. */
  async pass(ms: number): Promise<void> {
    let isOver = false;
    setTimeout(() => {
      isOver = true;
    }, ms);
    while (!isOver) {
      await calledBack();
      vi.advanceTimersToNextTimer();
    }
    await calledBack();
  }

  /** All is well from now on, and nobody acts any more: everything that must come comes, and then nothing is left. */
  async settle(): Promise<void> {
    const { server, client, browser } = this;
    this.note("settle");
    this.isCalm = true;
    const mode = server.manners.mode === "plain" ? "plain" : "announced";
    server.manners = { ...server.manners, ...wellMannered, mode };
    browser.shape = "ok";
    browser.auth = "found";
    browser.say("online");
    server.rescue();
    // A server that was asked and is silent is waited for, 60 s, and asked again within 30.
    for (const ms of [10, 95_000, 5_000]) {
      this.connect();
      await this.pass(ms);
    }
    const { status } = client.connection.getSnapshot();
    if (status !== "connected") this.fail(`it is ${status} in the end`);
    for (const quay of quays) await this.settleRoom(quay);
    await this.pass(oldestMs);
    for (const { n, user, outcome } of this.sent) {
      const applied = server.applied.filter((each) => each.n === n);
      if (outcome === undefined) this.fail(`${n} has no answer`);
      // A page that was never told that its command is stored has written it to a plain server after a while.
      const isExcused = browser.wasBad && applied.some(({ isPlain }) => isPlain);
      if (applied.length > 1 && !isExcused) this.fail(`${n} is applied ${applied.length} times`);
      if (user !== undefined && applied[0] && applied[0].user !== user) this.fail(`${n} of ${user} is another's`);
    }
    this.send({ do: "send", name: "load_ship", ttlMs: undefined });
    await this.pass(1_000);
    const last = this.sent.at(-1)?.outcome;
    if (last !== "applied") this.fail(`a last command is ${last}`);
    this.tab?.client.close();
    await this.settleStorage();
    this.close(false);
    // As long as a storage is waited for.
    await this.pass(2_500);
    if (vi.getTimerCount() > 0) this.fail(`${vi.getTimerCount()} timers are left`);
    if (browser.watching.size > 0) this.fail("something still listens to the network");
    if (server.lines.size > 0) this.fail("a connection is left");
  }

  async end(): Promise<void> {
    this.isCalm = true;
    this.client.close();
    this.tab?.client.close();
    await calledBack();
    vi.clearAllTimers();
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  }

  /** What other pages left is taken up as a page connects again, and then has an answer as well. */
  private async settleStorage(): Promise<void> {
    this.close(false);
    this.connect();
    await this.pass(2_000);
    const kept = this.user === undefined || this.browser.wasBad ? [] : this.browser.keptOf(this.user);
    if (kept.length > 0) this.fail(`${JSON.stringify(kept)} is kept`);
  }

  private async settleRoom(quay: Quay): Promise<void> {
    const stay = this.stays.get(quay);
    if (stay?.isSure === false) return;
    const isIn = this.server.isIn(quay);
    if (isIn !== Boolean(stay)) this.fail(`it is ${isIn ? "" : "not "}in ${quay}`);
    const numbers = this.server.publish(quay, 2, "numbered");
    await this.pass(1_000);
    if (numbers.some((n) => this.handled.has(n) !== Boolean(stay))) this.fail(`it hears ${quay}, or should`);
  }

  private replaceGlobals(dice: number): void {
    let state = dice;
    vi.spyOn(Math, "random").mockImplementation(() => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    });
    const later = queueMicrotask;
    vi.stubGlobal("queueMicrotask", (run: () => void) => {
      later(() => {
        try {
          run();
        } catch (error) {
          if (!(error instanceof Drawn)) this.fail(`it throws ${String(error)}`);
        }
      });
    });
  }

  /** What watches comes first: callers that act come after it. */
  private listen(page: Page, client: Client): void {
    const { isStored } = this;
    client.on("gull:seen", ({ count }, { room }) => {
      this.told(`event ${count} of ${this.server.roomOf.get(count)}`);
      this.handle(count, room);
    });
    client.on("ws:resync", ({ room, reason }) => {
      this.told(`resync of ${room}: ${reason}`);
      const stay = this.stays.get(room);
      const place = this.places.get(room);
      if (place) place.isResynced = true;
      if (stay) stay.isResynced = true;
      else if (!room.startsWith("sailor")) this.fail(`it is told of ${room}, which was left`);
    });
    client.on("ws:room-closed", ({ room, code }) => {
      this.told(`${room} is closed: ${code}`);
      this.places.delete(room);
      if (!this.stays.delete(room) && !room.startsWith("sailor")) this.fail(`it is told of ${room}, which was left`);
    });
    client.on("ws:connected", ({ mode, userId }) => {
      this.told(`connected: ${mode}, ${userId}`);
    });
    client.on("ws:command", ({ id, name, state, code = "" }) => {
      this.note(`  ${name} ${id.slice(0, 4)} is ${state} ${code}`);
      const before = this.states.get(id) ?? "queued";
      // What a page stored is queued again, whatever its caller was told as the client was closed.
      if (!isStored && before !== "queued" && before !== "sent") this.fail(`${name} is ${state} after ${before}`);
      this.states.set(id, state);
    });
    const locals = ["connected", "disconnected", "error", "resync", "room-closed", "command"] as const;
    for (const name of ["gull:seen", ...locals.map((local) => `ws:${local}` as const)] as const)
      for (const which of ["", ", again"])
        client.on(name as "ws:error", () => {
          if (!page.isLeft) this.react(name + which);
        });
    client.connection.subscribe(() => {
      if (page.isLeft) return;
      const { status, userId } = client.connection.getSnapshot();
      // Told here first: a call in the middle of what follows may close the client before `ws:connected`.
      if (status === "connected") this.user = userId;
      this.react(`the store: ${status}`);
    });
  }

  private fail(what: string): void {
    this.note(`WRONG: ${what}`);
    this.wrong.push(what);
  }

  private told(what: string): void {
    this.note(`  ${what}`);
    if (!this.isWanted && this.closing === 0) this.fail(`after a close it is told: ${what}`);
  }

  private handle(n: number, room: string | undefined): void {
    const of = this.server.roomOf.get(n) as string;
    if (this.handled.has(n)) this.fail(`${n} is handled twice`);
    this.handled.add(n);
    // A plain server does not say of which room it is.
    if (room === undefined) return;
    if (room !== of) this.fail(`${n} is not of ${room}`);
    const stay = this.stays.get(room);
    const isLoose = this.server.loose.has(n);
    if (!stay) {
      if (room.startsWith("sailor")) this.goOn(this.placeIn(room), n, of, isLoose);
      else this.fail(`${n} is of ${room}, which was left`);
      return;
    }
    // One that has no number may have been on its way as the room was left and joined again.
    const since = isLoose ? (this.joinedAt.get(room) ?? 0) : stay.since;
    if (n <= since) this.fail(`${n} is from before ${room} was joined`);
    this.goOn(stay, n, of, isLoose);
  }

  private placeIn(room: string): { last: number; isResynced: boolean } {
    const place = this.places.get(room) ?? { last: 0, isResynced: false };
    this.places.set(room, place);
    return place;
  }

  private goOn(place: { last: number; isResynced: boolean }, n: number, of: string, isLoose: boolean): void {
    if (n <= place.last) this.fail(`${n} comes after ${place.last}`);
    // One without a number does not show anybody that those before it were lost: they come once that is known.
    if (isLoose) return;
    if (place.last > 0 && !place.isResynced)
      for (let missed = place.last + 1; missed < n; missed++)
        if (this.server.roomOf.get(missed) === of && this.server.isKept(missed)) this.fail(`${missed} is missing`);
    place.last = n;
    place.isResynced = false;
  }

  /** The application's code is called. */
  private react(point: string): void {
    const next = this.reactions[this.reacted];
    if (!next || this.isCalm || this.waited++ < next.after) return;
    this.waited = 0;
    this.reacted++;
    this.note(` at ${point}: ${JSON.stringify(next.action)}`);
    this.act(next.action);
  }

  /** The same where what it throws is its own business. */
  private reactQuietly(point: string, page = this.page): void {
    if (page.isLeft || page !== this.page) return;
    try {
      this.react(point);
    } catch (error) {
      if (!(error instanceof Drawn)) throw error;
    }
  }

  private act(one: Action) {
    switch (one.do) {
      case "close":
      case "forget":
        return this.close(one.do === "forget");
      case "connect":
        return this.connect();
      case "reopen":
        this.close(false);
        return this.connect();
      case "throw":
        throw new Drawn("drawn");
      case "once":
        return void this.client.once("gull:seen", () => this.react("once"));
      case "join":
        return this.join(one.quay);
      case "leave":
        return this.leave(one.quay);
      case "send":
        return this.send(one);
    }
  }

  private connect(): void {
    this.isWanted = true;
    this.client.connect();
  }

  private close(forget: boolean): void {
    const before = [...this.stays];
    this.isWanted = false;
    this.closing++;
    // What is sent in the middle of it is whoever's comes next, or is not sent at all.
    if (forget) {
      this.user = this.known;
      this.places.clear();
    }
    this.client.close({ forget });
    this.closing--;
    if (forget) {
      for (const [room, stay] of before) if (this.stays.get(room) === stay) this.stays.delete(room);
      for (const stay of this.stays.values()) stay.isSure = false;
    }
    const { status } = this.client.connection.getSnapshot();
    if (!this.isWanted && this.closing === 0 && status !== "idle") this.fail(`it is ${status} after a close`);
  }

  private join(quay: Quay): void {
    const since = this.server.roomOf.size;
    const stay = this.stays.get(quay) ?? { since, last: 0, isResynced: false, isSure: true };
    this.stays.set(quay, stay);
    if (!this.joinedAt.has(quay)) this.joinedAt.set(quay, since);
    const { page } = this;
    this.client.join(contract.rooms.quay(quay.slice(5))).then(
      () => this.reactQuietly("joined", page),
      (error: unknown) => {
        const isHeard = ["closed", "timeout", "payload_invalid"].includes(codeOf(error));
        if (!isHeard && this.stays.get(quay) === stay) this.fail(`${quay} is refused without a word: ${codeOf(error)}`);
        this.reactQuietly("not joined", page);
      },
    );
  }

  private leave(quay: Quay): void {
    if (this.stays.delete(quay)) this.server.left(quay);
    const { page } = this;
    void this.client.leave(contract.rooms.quay(quay.slice(5))).then(() => this.reactQuietly("left", page));
  }

  private send(one: Extract<Action, { readonly do: "send" }>): void {
    this.sendBy(this.client, one, this.user, this.page);
  }

  private sendBy(
    client: Client,
    { name, ttlMs }: Extract<Action, { readonly do: "send" }>,
    otherwise: string | undefined,
    page?: Page,
  ): void {
    const n = this.sent.length + 1;
    this.note(`  send ${n}`);
    const { userId = otherwise } = client.connection.getSnapshot();
    const by = this.browser.awake() + Math.min(ttlMs ?? oldestMs, oldestMs) + heldBackMs;
    const one: Sent = { n, user: userId, by, outcome: undefined };
    this.sent.push(one);
    const settled = (outcome: string) => {
      this.note(`  ${n} is ${outcome}`);
      one.outcome = outcome;
      if (this.browser.awake() > by) this.fail(`${n} is ${outcome} too late`);
      if (outcome === "applied" && this.server.applied.every((each) => each.n !== n)) this.fail(`${n} is not applied`);
      if (page) this.reactQuietly(`${n} is ${outcome}`, page);
    };
    const options = ttlMs === undefined ? {} : { ttlMs };
    const sent =
      name === "load_ship"
        ? client.send(name, { quay_id: "p", ship_id: String(n), crates: 1 }, options)
        : client.send(name, { quay_id: "p", tune: String(n) }, options);
    sent.then(
      () => settled("applied"),
      (error: unknown) => settled(codeOf(error)),
    );
  }

  private createReport(clock: () => number): DeliveryReport {
    const report = deliveryReport(clock);
    return {
      ...report,
      handled: (...event) => {
        report.handled(...event);
        this.reactQuietly("report.handled");
      },
      answered: (...answer) => {
        report.answered(...answer);
        this.reactQuietly("report.answered");
      },
      take: () => {
        this.reactQuietly("report.take");
        const taken = report.take();
        for (const figure of Object.values((taken as { latency: Record<string, number[][]> }).latency).flat(2))
          if (!(figure >= 0 && figure < Infinity)) this.fail(`it reports ${JSON.stringify(taken)}`);
        return taken;
      },
    };
  }
}

function codeOf(error: unknown): string {
  return error instanceof CommandError ? error.code : String(error);
}

/** Until every promise that is settled has called back; what Engine.IO does in the next tick included. */
async function calledBack(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise<void>((resolve) => process.nextTick(resolve));
}
