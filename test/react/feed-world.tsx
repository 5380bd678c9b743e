// biome-ignore-all lint/correctness/noComponentHookFactories: a page's components are made for one world
import { rooms } from "@gestaloka/events";
import {
  EventsProvider,
  type GameRecord,
  type GameSession,
  type GestalokaClient,
  useGameSession,
  useSPBalanceSummary,
} from "@gestaloka/events/react";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import fc from "fast-check";
import { StrictMode } from "react";
import { createRoot, type Root } from "react-dom/client";
import { vi } from "vitest";
import { type ConnectionSnapshot, createConnectionStore } from "../../src/client/connection-store.js";
import { createListeners } from "../../src/client/listeners.js";
import { message, spent } from "./game-server.js";

/** What happens to a page, its line and its backend. */
export type FeedStep =
  | { readonly do: "say" | "spend" | "deliver" | "enter" | "refuse" | "put out" | "cut" | "connect" | "forget" }
  | { readonly do: "resync" | "leave" | "join" | "refetch" | "cancel" | "mount" | "unmount" }
  | { readonly do: "read" | "answer" | "fail"; readonly which: number };

const often = ["say", "spend", "deliver", "deliver", "enter", "connect"] as const;
const seldom = [
  ...(["refuse", "put out", "cut", "forget", "resync", "leave", "join"] as const),
  ...(["refetch", "cancel", "mount", "unmount"] as const),
];
const step = (names: readonly (typeof often | typeof seldom)[number][]) =>
  fc.record({ do: fc.constantFrom(...names) }) as fc.Arbitrary<FeedStep>;
export const feedStep: fc.Arbitrary<FeedStep> = fc.oneof(
  { weight: 5, arbitrary: step(often) },
  { weight: 4, arbitrary: step(seldom) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom("read" as const, "answer" as const, "answer" as const, "fail" as const),
      which: fc.nat(2),
    }),
  },
);

type Name = "game:message_added" | "sp:update";
type Told = { readonly name: Name; readonly payload: object };

/** A room's log, and how far a client that is in it has come; `undefined` where it is in none. */
interface Log {
  readonly room: string;
  readonly events: Told[];
  at: number | undefined;
  /** Whether the next entry goes on where the last one ended. */
  isKept: boolean;
}

interface Fetch<TData> {
  readonly of: "game" | "points";
  data: TData | undefined;
  readonly answer: (data: TData) => void;
  readonly fail: (error: Error) => void;
}

type State = GameRecord & { readonly count: number };

/** A page with a game and its points, on a client that keeps a client's word and no more, and what must be so on it. */
export class FeedWorld {
  readonly wrong: string[] = [];
  private readonly lines: string[] = [];
  private readonly game: Log = { room: rooms.game("s"), events: [], at: undefined, isKept: false };
  private readonly points: Log = { room: rooms.user("ada"), events: [], at: undefined, isKept: false };
  private readonly listeners = createListeners((error) => this.fail(String(error)));
  private readonly connection = createConnectionStore();
  private readonly queryClient = new QueryClient({
    // Nothing but the hooks makes it fetch again.
    defaultOptions: { queries: { retry: false, staleTime: Infinity, refetchOnMount: false, gcTime: Infinity } },
  });
  private readonly root: Root = createRoot(document.createElement("div"));
  private fetches: Fetch<object>[] = [];
  private entry: { readonly resolve: (data: object) => void; readonly reject: (error: object) => void } | undefined;
  /** What was shown before. */
  private last = { messages: 0, balance: 0 };
  private session: GameSession<State> | undefined;
  private balance: number | undefined;

  note(line: string): void {
    this.lines.push(line);
  }

  story(): string {
    return this.lines.join("\n");
  }

  async perform(step: FeedStep): Promise<void> {
    this.act(step);
    await this.pass();
    this.judge(step.do === "deliver");
  }

  /** All is well from now on: what is to be shown is shown, and nothing asks the application to fetch again. */
  async settle(): Promise<void> {
    this.note("settle");
    await this.perform({ do: "mount" });
    for (let round = 0; round < 2; round++) {
      await this.perform({ do: "connect" });
      if (this.session?.status !== "joined") await this.perform({ do: "join" });
      await this.calm();
      // A first fetch that failed is the application's.
      if (!this.session?.state || this.balance === undefined) await this.perform({ do: "refetch" });
      await this.calm();
      // What a fetch that failed was to make up for is asked for with the next event.
      await this.perform({ do: "say" });
      await this.perform({ do: "spend" });
      await this.calm();
    }
    if (this.shown() !== this.said()) this.fail(`shows ${this.shown()} instead of ${this.said()}`);
    if (this.balance !== this.points.events.length) this.fail(`${this.balance} SP, not ${this.points.events.length}`);
    this.root.unmount();
    await this.pass();
  }

  async end(): Promise<void> {
    this.root.unmount();
    this.queryClient.clear();
    await this.pass();
    vi.clearAllTimers();
  }

  private fail(what: string): void {
    this.note(`WRONG: ${what}`);
    this.wrong.push(what);
  }

  private readonly said = () => this.game.events.map((_, index) => index).join();
  private readonly shown = () => this.session?.messages.map(({ id }) => id).join();

  /** What is under way comes to its end, and what was told arrives. */
  private async calm(): Promise<void> {
    for (let turn = 0; turn < 12; turn++) {
      await this.perform({ do: "enter" });
      for (const name of ["deliver", "deliver"] as const) await this.perform({ do: name });
      await this.perform({ do: "answer", which: 0 });
    }
    while (this.canDeliver(this.game) || this.canDeliver(this.points)) await this.perform({ do: "deliver" });
  }

  private async pass(): Promise<void> {
    for (let turn = 0; turn < 3; turn++) {
      await new Promise((resolve) => setImmediate(resolve));
      vi.advanceTimersByTime(1);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }

  private readonly isUp = () => this.connection.getSnapshot().status === "connected";
  private readonly canDeliver = ({ at, events }: Log) => this.isUp() && at !== undefined && at < events.length;

  private tell(name: string, payload: object, room?: string): void {
    this.listeners.call(name, payload, { room, seq: undefined, at: undefined, replayed: false });
  }

  private act(step: FeedStep): void {
    switch (step.do) {
      case "say":
        this.game.events.push({
          name: "game:message_added",
          payload: { type: "message_added", message: message(`${this.game.events.length}`) },
        });
        return;
      case "spend":
        this.points.events.push({ name: "sp:update", payload: spent(this.points.events.length + 1, -1) });
        return;
      case "deliver":
        for (const log of [this.game, this.points]) {
          if (!this.canDeliver(log)) continue;
          const { name, payload } = log.events[log.at as number] as Told;
          (log.at as number)++;
          this.tell(name, payload, log.room);
        }
        return;
      case "enter":
        this.enter();
        return;
      case "refuse":
        if (!this.isUp() || !this.entry) return;
        this.entry.reject({ code: "forbidden" });
        this.entry = undefined;
        this.tell("ws:room-closed", { room: this.game.room, code: "forbidden" });
        return;
      case "put out":
        if (!this.isUp() || this.game.at === undefined) return;
        Object.assign(this.game, { at: undefined, isKept: false });
        this.tell("ws:room-closed", { room: this.game.room, code: "revoked" });
        return;
      case "cut":
        if (this.isUp()) this.connection.update({ status: "reconnecting", mode: undefined });
        return;
      case "connect":
        this.connect();
        return;
      case "forget":
        this.connection.update({ status: "idle", mode: undefined, userId: undefined });
        for (const log of [this.game, this.points]) Object.assign(log, { at: undefined, isKept: false });
        this.entry?.reject({ code: "closed" });
        this.entry = undefined;
        return;
      case "resync":
        for (const log of [this.game, this.points]) {
          if (!this.canDeliver(log)) continue;
          log.at = log.events.length;
          this.tell("ws:resync", { room: log.room, reason: "gap" });
        }
        return;
      case "leave":
        void this.session?.leave();
        return;
      case "join":
        this.session?.join();
        return;
      case "refetch":
        void this.queryClient.refetchQueries();
        return;
      case "cancel":
        void this.queryClient.cancelQueries();
        return;
      case "mount":
      case "unmount":
        this.render(step.do === "mount");
        return;
    }
    const fetch = this.fetches[step.which % this.fetches.length];
    if (!fetch) return;
    fetch.data ??= this.read(fetch.of);
    if (step.do === "read") return;
    this.fetches = this.fetches.filter((other) => other !== fetch);
    if (step.do === "answer") fetch.answer(fetch.data);
    else fetch.fail(new Error("down"));
  }

  private read(of: "game" | "points"): object {
    if (of === "points") return { current_sp: this.points.events.length };
    return { messages: this.game.events.map((_, index) => message(`${index}`)), count: this.game.events.length };
  }

  private connect(): void {
    if (this.isUp()) return;
    this.points.at ??= this.points.events.length;
    const change: Partial<ConnectionSnapshot> = { status: "connected", mode: "announced", userId: "ada" };
    this.connection.update(change);
    this.tell("ws:connected", change);
  }

  private enter(): void {
    if (!this.isUp() || !this.entry) return;
    this.game.at ??= this.game.events.length;
    this.entry.resolve({ members: [] });
    this.entry = undefined;
  }

  private readonly client = {
    on: (name: string, handler: never) => this.listeners.add(name, handler, false),
    connection: this.connection,
    join: () =>
      new Promise((resolve, reject) => {
        const before = this.entry;
        if (this.game.at !== undefined && this.isUp()) return resolve({ members: [] });
        this.entry = {
          resolve(data) {
            before?.resolve(data);
            resolve(data);
          },
          reject(error) {
            before?.reject(error);
            reject(error);
          },
        };
      }),
    leave: async () => {
      this.game.at = undefined;
      this.entry?.reject({ code: "closed" });
      this.entry = undefined;
    },
  } as unknown as GestalokaClient;

  private readonly queryFn = (of: "game" | "points") => () =>
    new Promise<never>((answer, fail) => this.fetches.push({ of, data: undefined, answer: answer as never, fail }));

  private readonly Page = () => {
    this.session = useGameSession<State>("s", { queryFn: this.queryFn("game") });
    this.balance = useSPBalanceSummary({
      queryFn: this.queryFn("points") as () => Promise<{ current_sp: number }>,
    }).data?.current_sp;
    return null;
  };

  private render(isMounted: boolean): void {
    this.root.render(
      <StrictMode>
        <QueryClientProvider client={this.queryClient}>
          <EventsProvider client={this.client}>{isMounted && <this.Page />}</EventsProvider>
        </QueryClientProvider>
      </StrictMode>,
    );
  }

  /** What is shown has each message once, in order, and is older than what was shown before by an event on its way alone. */
  private judge(isToldOf: boolean): void {
    const { session, balance = 0, last } = this;
    const ids = session?.messages.map(({ id }) => Number(id)) ?? [];
    if (ids.some((id, index) => index > 0 && id <= (ids[index - 1] as number))) this.fail(`shows ${ids}`);
    if (ids.length < last.messages) this.fail(`shows ${ids.length} messages after ${last.messages}`);
    if (balance < last.balance && !isToldOf) this.fail(`shows ${balance} SP after ${last.balance}`);
    this.last = { messages: ids.length, balance };
  }
}
