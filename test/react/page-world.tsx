// biome-ignore-all lint/correctness/noComponentHookFactories: a page's components are made for one world
import { createEventClient, type EventClient } from "@gestaloka/events/client";
import { createEventHooks, type JoinedRoom } from "@gestaloka/events/react";
import fc from "fast-check";
import {
  Activity,
  Component,
  type ReactNode,
  StrictMode,
  Suspense,
  startTransition,
  use,
  useEffect,
  useRef,
} from "react";
import { createRoot, type Root } from "react-dom/client";
import { vi } from "vitest";
import { contract } from "../fixtures/contract.js";
import { Page as BrowserPage } from "../model/browser.js";
import { type Fault, type Quay, quays, SimulatedServer, wellMannered } from "../model/simulated-server.js";
import type { HarbourTypes } from "../support/harbour-server.js";

const { EventsProvider, useConnection, useEvent, useLatestEvent, useRoom } = createEventHooks(contract);

const users = ["ada", "bob"] as const;
type Which = 0 | 1;

/** One of a page's components, and what is around it. */
interface Part {
  readonly id: number;
  readonly quay: Quay | undefined;
  /** Whether its latest event is that of its room alone. */
  readonly isNarrow: boolean;
  readonly isHidden: boolean;
  /** `suspended`: it waits for data; `broken`: it throws. Both after its hooks were called. */
  readonly as: "shown" | "suspended" | "broken";
}

interface Page {
  readonly which: Which | undefined;
  readonly parts: readonly (Part | undefined)[];
}

/** What happens to a page. `urgently` or not; of a part that is not there, nothing. */
export type PageStep =
  | { readonly do: "mount"; readonly at: number; readonly part: Omit<Part, "id">; readonly isUrgent: boolean }
  | { readonly do: "change"; readonly at: number; readonly to: Partial<Omit<Part, "id">>; readonly isUrgent: boolean }
  | { readonly do: "unmount"; readonly at: number; readonly isUrgent: boolean }
  | { readonly do: "provide"; readonly which: Which | undefined; readonly isUrgent: boolean }
  | { readonly do: "join" | "leave"; readonly at: number }
  | { readonly do: "close" | "connect"; readonly which: Which };

const places = 4;
const what = <TName extends string>(name: TName) => fc.constant(name);
const at = fc.nat(places - 1);
const which = fc.constantFrom<Which>(0, 0, 0, 1);
const fields = {
  quay: fc.constantFrom(...quays, quays[0], undefined),
  isNarrow: fc.boolean(),
  isHidden: fc.constantFrom(false, false, false, true),
  as: fc.constantFrom("shown" as const, "shown" as const, "shown" as const, "suspended" as const, "broken" as const),
};
const isUrgent = fc.constantFrom(true, true, false);
export const pageStep: fc.Arbitrary<PageStep> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: what("mount"), at, part: fc.record(fields), isUrgent }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: what("change"), at, to: fc.record(fields, { requiredKeys: [] }), isUrgent }),
  },
  { weight: 2, arbitrary: fc.record({ do: what("unmount"), at, isUrgent }) },
  { weight: 1, arbitrary: fc.record({ do: what("provide"), which: fc.option(which, { nil: undefined }), isUrgent }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom("join" as const, "leave" as const, "leave" as const), at }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("close" as const, "connect" as const), which }) },
);

/** What a part that is on the page is known to have, by its effects. */
interface Shown {
  readonly which: Which | undefined;
  readonly quay: Quay | undefined;
  readonly isNarrow: boolean;
  /** The events that its handler was called with. */
  readonly heard: number[];
  /** Those that the client handed on since. */
  readonly due: number[];
  latest: number | undefined;
  user: string | undefined;
}

/** What a part rendered last. */
interface Rendered {
  readonly room: JoinedRoom;
  readonly latest: number | undefined;
  readonly status: string;
}

/** A page on two clients of simulated servers, and what must be so on it. */
export class PageWorld {
  readonly wrong: string[] = [];
  private readonly lines: string[] = [];
  private readonly hosts;
  private readonly root: Root;
  private readonly shown = new Map<number, Shown>();
  private readonly rendered = new Map<number, Rendered>();
  private page: Page = { which: 0, parts: [] };
  private parts = 0;
  private readonly never = new Promise<void>(() => {});
  private readonly there = Promise.resolve();

  constructor(private readonly isStrict: boolean) {
    vi.spyOn(Math, "random").mockReturnValue(0.5);
    this.hosts = users.map((user, index) => this.createHost(user, index as Which));
    this.root = createRoot(document.createElement("div"), { onCaughtError: () => {} });
  }

  note(line: string): void {
    this.lines.push(line);
  }

  story(): string {
    return this.lines.join("\n");
  }

  suffer(one: Fault, which: Which): void {
    this.host(which).server.suffer(one);
  }

  async perform(step: PageStep): Promise<void> {
    const had = this.watchedRooms();
    const want = () => {
      for (const [key, isWantedBy] of this.watchedRooms()) {
        if (!had.has(key)) isWantedBy();
        had.set(key, isWantedBy);
      }
    };
    await this.act(step);
    // At once: the answer to an entry that was under way may refuse the room to whoever has just come.
    want();
    // Longer than what a page has just given up is kept for, and shorter than anything takes on the wire.
    await this.pass(1);
    want();
    this.judge();
  }

  /** Lets so much time pass. */
  async pass(ms: number): Promise<void> {
    let isOver = false;
    setTimeout(() => {
      isOver = true;
    }, ms);
    await rendered();
    while (!isOver) {
      vi.advanceTimersToNextTimer();
      await rendered();
    }
  }

  async wait(ms: number): Promise<void> {
    await this.pass(ms);
    this.judge();
  }

  /** All is well from now on: what is wanted comes about, and when the page has gone nothing is left of it. */
  async settle(): Promise<void> {
    this.note("settle");
    for (const { server } of this.hosts) {
      server.manners = { ...server.manners, ...wellMannered };
      // Who was not told what came of an entry is told of the next one.
      server.rescue();
      server.suffer({ do: "cut" });
    }
    for (const ms of [10, 95_000, 5_000]) {
      for (const { client } of this.hosts) client.connect();
      await this.wait(ms);
    }
    for (const { server, wanted, user, which } of this.hosts) {
      for (const quay of quays) {
        if (server.isIn(quay) !== wanted.has(quay)) this.fail(`${user} is ${wanted.has(quay) ? "not " : ""}in ${quay}`);
        server.publish(quay, 2, "numbered");
      }
      await this.wait(1_000);
      for (const [id, part] of this.shown) {
        if (part.which !== which || !part.quay || !this.isRendered(id)) continue;
        const { status } = this.rendered.get(id)?.room ?? {};
        if ((status === "joined") !== wanted.has(part.quay)) this.fail(`${id} says that ${part.quay} is ${status}`);
      }
    }
    this.root.unmount();
    await this.wait(10);
    for (const { user, watched } of this.hosts)
      if (watched.size > 0) this.fail(`${user}'s client is still listened to`);
  }

  async end(): Promise<void> {
    this.root.unmount();
    for (const { client } of this.hosts) client.close();
    await rendered();
    vi.clearAllTimers();
    vi.restoreAllMocks();
  }

  private fail(what: string): void {
    this.note(`WRONG: ${what}`);
    this.wrong.push(what);
  }

  private host(which: Which) {
    return this.hosts[which] as (typeof this.hosts)[number];
  }

  private createHost(user: string, which: Which) {
    const server = new SimulatedServer(
      (what) => this.fail(what),
      (line) => this.note(`${user}: ${line}`),
      true,
      () => performance.now(),
      Number.POSITIVE_INFINITY,
      () => {},
    );
    server.manners = { ...server.manners, user };
    const client: EventClient<HarbourTypes> = createEventClient("http://localhost", {
      contract,
      auth: () => ({ token: server.manners.user }),
      helloTimeoutMs: 100,
      headsIntervalMs: 5_000,
      handshakeTimeoutMs: 400,
      socket: { transports: [server.transportOf(new BrowserPage())] as never },
    });
    const wanted = new Set<Quay>();
    // Whoever is there first is told first: what a page is to show is known before it is shown.
    client.on("gull:seen", ({ count }, { room }) => {
      for (const part of this.shown.values()) {
        if (part.which !== which) continue;
        part.due.push(count);
        if (!part.isNarrow || !part.quay || !room || room === part.quay) part.latest = count;
      }
    });
    client.on("ws:room-closed", ({ room }) => {
      this.note(`${user}: ${room} is closed`);
      wanted.delete(room as Quay);
    });
    client.connection.subscribe(() => {
      const { userId, status } = client.connection.getSnapshot();
      this.note(`${user}: ${status} as ${userId}`);
      for (const part of this.shown.values()) {
        if (part.which !== which || part.user === userId) continue;
        part.user = userId;
        part.latest = undefined;
      }
    });
    const watched = new Set<object>();
    const watch = (off: () => void) => {
      const one = {};
      watched.add(one);
      return () => {
        watched.delete(one);
        off();
      };
    };
    const { connection } = client;
    const given = {
      ...client,
      on: (name: "gull:seen", handler: () => void) => watch(client.on(name, handler)),
      connection: { ...connection, subscribe: (changed: () => void) => watch(connection.subscribe(changed)) },
      leave: (room: Quay) => {
        if (wanted.delete(room)) server.left(room);
        return client.leave(room as never);
      },
    } as unknown as EventClient<HarbourTypes>;
    return { user, which, server, client, given, wanted, watched };
  }

  private watchedRooms(): Map<string, () => void> {
    const rooms = [...this.shown.values()].flatMap(({ which, quay }) =>
      which === undefined || !quay ? [] : [[`${which} ${quay}`, () => void this.host(which).wanted.add(quay)] as const],
    );
    return new Map(rooms);
  }

  private async act(step: PageStep): Promise<void> {
    const { page } = this;
    switch (step.do) {
      case "close":
        return this.host(step.which).client.close();
      case "connect":
        return this.host(step.which).client.connect();
      case "provide":
        return this.show({ ...page, which: step.which }, step.isUrgent);
    }
    const part = page.parts[step.at];
    const show = (next: Part | undefined, isUrgent: boolean) => {
      const parts = Array.from({ length: places }, (_, index) => (index === step.at ? next : page.parts[index]));
      return this.show({ ...page, parts }, isUrgent);
    };
    if (step.do === "mount") return show({ ...step.part, id: ++this.parts }, step.isUrgent);
    if (!part) return;
    if (step.do === "unmount") return show(undefined, step.isUrgent);
    // What failed is another component the next time.
    if (step.do === "change")
      return show({ ...part, ...step.to, id: part.as === "broken" ? ++this.parts : part.id }, step.isUrgent);
    const { room } = this.rendered.get(part.id) ?? {};
    const shown = this.shown.get(part.id);
    if (!room || !shown?.quay || shown.which === undefined) return;
    if (step.do === "leave") void room.leave();
    else {
      this.host(shown.which).wanted.add(shown.quay);
      room.join();
    }
  }

  private async show(page: Page, isUrgent: boolean): Promise<void> {
    this.page = page;
    const given = page.which === undefined ? null : this.host(page.which).given;
    const tree = (
      <EventsProvider client={given}>
        {page.parts.map(
          (part) =>
            part && (
              <Boundary key={part.id}>
                <Activity mode={part.isHidden ? "hidden" : "visible"}>
                  <Suspense fallback="waits">
                    <this.View part={part} which={page.which} />
                  </Suspense>
                </Activity>
              </Boundary>
            ),
        )}
      </EventsProvider>
    );
    const render = () => this.root.render(this.isStrict ? <StrictMode>{tree}</StrictMode> : tree);
    if (isUrgent) render();
    else startTransition(render);
    await rendered();
  }

  private readonly View = ({ part, which }: { readonly part: Part; readonly which: Which | undefined }): ReactNode => {
    const { id, quay, isNarrow, as } = part;
    const room = useRoom(quay as never);
    const latest = useLatestEvent("gull:seen", isNarrow ? { room: quay as never } : {})?.count;
    const { status } = useConnection();
    const known = useRef<Shown>(undefined);
    useEvent("gull:seen", ({ count }) => {
      const shown = this.shown.get(id);
      if (!shown) this.fail(`${id} hears of ${count}, and is not on the page`);
      shown?.heard.push(count);
    });
    useEffect(() => {
      const before = known.current;
      const user = which === undefined ? undefined : this.host(which).client.connection.getSnapshot().userId;
      const narrow = isNarrow ? quay : undefined;
      const isSame =
        before?.which === which && before?.user === user && (before?.isNarrow ? before.quay : undefined) === narrow;
      const latestBefore = before && isSame ? before.latest : undefined;
      const shown: Shown = { which, quay, isNarrow, heard: [], due: [], latest: latestBefore, user };
      known.current = shown;
      this.shown.set(id, shown);
      return () => void this.shown.delete(id);
    }, [id, which, quay, isNarrow]);
    useEffect(() => {
      this.rendered.set(id, { room, latest, status });
    });
    use(as === "suspended" ? this.never : this.there);
    if (as === "broken") throw new Error("broken");
    return status;
  };

  /** What waits for its data is on the page, and is not rendered. */
  private isRendered(id: number): boolean {
    return this.page.parts.some((part) => part?.id === id && part.as === "shown" && !part.isHidden);
  }

  /** What is on the page is what its clients know. */
  private judge(): void {
    for (const [id, { which, heard, due, latest }] of this.shown) {
      if (heard.join() !== due.join()) this.fail(`${id} hears of ${heard} instead of ${due}`);
      if (!this.isRendered(id)) continue;
      const now = this.rendered.get(id);
      if (now?.latest !== latest) this.fail(`${id} shows ${now?.latest} instead of ${latest}`);
      const status = which === undefined ? "idle" : this.host(which).client.connection.getSnapshot().status;
      if (now?.status !== status) this.fail(`${id} says ${now?.status}, and not ${status}`);
    }
  }
}

/** Lets React render, and what it calls be called. */
async function rendered(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** What a broken part is shown as. */
class Boundary extends Component<{ readonly children: ReactNode }> {
  override readonly state = { isBroken: false };
  static getDerivedStateFromError() {
    return { isBroken: true };
  }
  override render(): ReactNode {
    return this.state.isBroken ? "broken" : this.props.children;
  }
}
