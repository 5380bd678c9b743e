// @vitest-environment jsdom
// biome-ignore-all lint/correctness/noComponentHookFactories: a test's component is made for one render
import { CommandRefusal } from "@gestaloka/events";
import {
  EventsProvider,
  type GameSession,
  type GameSessionOptions,
  type GestalokaClient,
  useGameSession,
} from "@gestaloka/events/react";
import { dehydrate, hydrate, IsRestoringProvider, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, render, waitFor } from "@testing-library/react";
import { StrictMode, Suspense, use, useState } from "react";
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import { connected, snapshot } from "../support/awaited-client.js";
import { closedAtEnd } from "../support/closed-at-end.js";
import { createClient as createGameClient, message, openGame } from "./game-server.js";

afterEach(cleanup);

const until = (check: () => void | Promise<void>) => waitFor(check, { timeout: 10_000, interval: 5 });

interface State {
  readonly turn: number;
  readonly mood?: string;
  readonly messages: readonly ReturnType<typeof message>[];
}

/** A game with its server, its backend, and the sessions as the last renders gave them. */
async function open(options: { readonly token?: string; readonly autoConnect?: boolean } = {}) {
  const game = closedAtEnd(await openGame());
  // Nothing but the hooks makes it fetch again.
  const queryClient = new QueryClient({
    defaultOptions: { queries: { retry: false, staleTime: Number.POSITIVE_INFINITY, refetchOnMount: false } },
  });
  onTestFinished(() => queryClient.clear());
  const createClient = (token = "ada", more: object = {}): GestalokaClient => {
    return closedAtEnd(createGameClient(game.url, token, more));
  };
  const client = createClient(options.token, { autoConnect: options.autoConnect ?? true });
  const backend = {
    state: { turn: 1, messages: [message("m1")] } as State,
    fetches: 0,
    /** Holds the next fetches back until it is resolved. */
    hold: Promise.resolve(),
  };
  const sessions: Record<string, GameSession<State>> = {};
  function Game({
    as = "a",
    of = "s",
    apply,
  }: { readonly as?: string; readonly of?: string } & Partial<GameSessionOptions<State>>) {
    sessions[as] = useGameSession<State>(of, {
      queryFn: async () => {
        backend.fetches++;
        const { state, hold } = backend;
        await hold;
        return state;
      },
      ...(apply && { apply }),
    });
    return null;
  }
  const page = (children: React.ReactNode, on = client) => (
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <EventsProvider client={on}>{children}</EventsProvider>
      </QueryClientProvider>
    </StrictMode>
  );
  return {
    ...game,
    client,
    createClient,
    queryClient,
    backend,
    page,
    Game,
    now: (as = "a") => sessions[as] as GameSession<State>,
    ids: (as = "a") => sessions[as]?.messages.map(({ id }) => id).join(),
    say: (id: string) => game.server.to.game("s").emit("message_added", { message: message(id) }),
    async cut() {
      game.cut();
      await until(() => expect(client.connection.getSnapshot().status).not.toBe("connected"));
    },
  };
}

const moody: GameSessionOptions<State>["apply"] = (state, { name, payload }) =>
  name === "game:state_update" ? { ...state, ...payload.update } : state;

/** A game that is on the page, with its first state. */
async function openPage() {
  const game = await open();
  await connected(game.client);
  const view = render(game.page(<game.Game />));
  await until(() => expect(game.now()).toMatchObject({ status: "joined", state: { turn: 1 } }));
  return { ...game, view };
}

describe("useGameSession", () => {
  it("enters, fetches once, and has every message once through StrictMode, reconnects and a fetch that knows it", async () => {
    const { backend, client, now, ids, say, cut } = await openPage();
    expect(backend.fetches).toBe(1);
    await say("m2");
    await until(() => expect(ids()).toBe("m1,m2"));
    for (let i = 3; i <= 5; i++) {
      await cut();
      await say(`m${i}`);
      await connected(client);
      await until(() => expect(ids()).toContain(`m${i}`));
    }
    expect(ids()).toBe("m1,m2,m3,m4,m5");
    expect(backend.fetches).toBe(1);
    // A fetch under way while a message comes may know the message, or not.
    for (const known of [["m6"], []]) {
      let answer = () => {};
      backend.hold = new Promise((resolve) => {
        answer = resolve;
      });
      backend.state = { turn: 2, messages: ["m1", ...known].map(message) };
      const fetched = now().refetch();
      await say("m6");
      await until(() => expect(ids()).toMatch(/m6$/));
      answer();
      await fetched;
      await until(() => expect(ids()).toBe("m1,m6"));
    }
  });

  it("applies to no fetch what came while one ran that was cancelled", async () => {
    const { backend, now, server, view, page, Game, queryClient } = await openPage();
    view.rerender(page(<Game apply={moody} />));
    backend.hold = new Promise(() => {});
    void now().refetch();
    await server.to.game("s").emit("state_update", { update: { mood: "dark" } });
    await until(() => expect(now().state?.mood).toBe("dark"));
    await act(() => queryClient.cancelQueries());
    backend.hold = Promise.resolve();
    backend.state = { ...backend.state, mood: "bright" };
    await act(() => now().refetch());
    await until(() => expect(now().state?.mood).toBe("bright"));
  });

  it("lets the application fold its own events, of this game alone", async () => {
    const { page, view, Game, now, server, client, ids } = await openPage();
    expect(now().data?.members).toEqual(["ada"]);
    view.rerender(
      page(
        <Game
          apply={(state, event) =>
            event.name === "game:narrative_update"
              ? { ...state, mood: `${event.payload.narrative}, ${state.messages.length} told` }
              : event.name === "game:state_update"
                ? { ...state, ...event.payload.update }
                : state
          }
        />,
      ),
    );
    await client.join("game_other");
    const tell = (game: string, narrative: string) =>
      server.to.game(game).emit("narrative_update", { narrative_type: "general", narrative });
    await tell("s", "bright");
    await server.to.game("s").emit("state_update", { update: { turn: 9 } });
    await until(() => expect(now().state).toMatchObject({ turn: 9, mood: "bright, 1 told" }));
    let heard = false;
    client.once("game:message_added", () => {
      heard = true;
    });
    await tell("other", "dark");
    await server.to.game("other").emit("message_added", { message: message("m9") });
    await until(() => expect(heard).toBe(true));
    expect(now().state).toMatchObject({ turn: 9, mood: "bright, 1 told" });
    expect(ids()).toBe("m1");
  });

  it("does not leave the game with the page, and fetches anew what may have changed meanwhile", async () => {
    const { page, view, Game, client, now, server, backend, say, ids } = await openPage();
    view.rerender(page(null));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await server.members("game_s")).toEqual(["ada"]);
    const heard = new Promise((resolve) => client.once("game:message_added", resolve));
    await say("m2");
    await heard;
    backend.state = { turn: 2, messages: [message("m1"), message("m2")] };
    view.rerender(page(<Game />));
    await until(() => expect(ids()).toBe("m1,m2"));
    expect(backend.fetches).toBe(2);
    await now().leave();
    expect(now().status).toBe("left");
    expect(await server.members("game_s")).toEqual([]);
  });

  it.each<[string, (game: Awaited<ReturnType<typeof openPage>>) => unknown, string]>([
    ["left", ({ now }) => act(() => now().leave()), "left"],
    ["was put out of", ({ server }) => server.revoke("ada", "game_s"), "closed"],
    ["forgot", ({ client }) => act(() => client.close({ forget: true })), "joining"],
  ])("fetches anew what was said while it was not in a game that it %s", async (_, goOut, status) => {
    const game = await openPage();
    await goOut(game);
    await until(() => expect(game.now().status).toBe(status));
    await game.say("m2");
    game.backend.state = { turn: 2, messages: [message("m1"), message("m2")] };
    game.client.connect();
    await connected(game.client);
    if (status !== "joining") act(() => game.now().join());
    await until(() => expect(game.ids()).toBe("m1,m2"));
    expect(game.now().status).toBe("joined");
    expect(game.backend.fetches).toBe(2);
  });

  it("fetches anew what the page before kept, where a slow storage gives it back after the game was entered", async () => {
    const { page, Game, client, queryClient, backend, now, ids, say } = await open();
    await connected(client);
    const at = (isRestoring: boolean) => (
      <IsRestoringProvider value={isRestoring}>
        <Game />
      </IsRestoringProvider>
    );
    const view = render(page(at(true)));
    await until(() => expect(now().status).toBe("joined"));
    backend.state = { turn: 2, messages: [message("m1"), message("m2")] };
    const before = new QueryClient();
    before.setQueryData(["game", "session", "s"], { turn: 1, messages: [message("m1")] });
    hydrate(queryClient, dehydrate(before));
    view.rerender(page(at(false)));
    await until(() => expect(ids()).toBe("m1,m2"));
    await say("m3");
    await until(() => expect(ids()).toBe("m1,m2,m3"));
    expect(backend.fetches).toBe(1);
  });

  it("puts the fetched state in the place of the old one after events were missed, and merges nothing", async () => {
    const { backend, client, now, say, ids, close, port } = await openPage();
    await say("lost");
    await until(() => expect(ids()).toBe("m1,lost"));
    await close();
    backend.state = { turn: 7, messages: [message("m9")] };
    const again = closedAtEnd(await openGame(port));
    await connected(client);
    await until(() => expect(now().state).toEqual({ turn: 7, messages: [message("m9")] }));
    expect(backend.fetches).toBe(2);
    await again.server.to.game("s").emit("message_added", { message: message("m10") });
    await until(() => expect(ids()).toBe("m9,m10"));
  });

  it("applies to a fetch what came while it ran, and not what came while one ran that failed", async () => {
    const { backend, now, server, view, page, Game } = await openPage();
    view.rerender(page(<Game apply={moody} />));
    const mood = (to: string) => server.to.game("s").emit("state_update", { update: { mood: to } });
    let fail: (error: Error) => void = () => {};
    backend.hold = new Promise((_, reject) => {
      fail = reject;
    });
    const fetched = now().refetch();
    await mood("dark");
    await until(() => expect(now().state?.mood).toBe("dark"));
    fail(new Error("down"));
    await fetched;
    await until(() => expect(now().error?.message).toBe("down"));
    backend.hold = Promise.resolve();
    backend.state = { ...backend.state, mood: "bright" };
    await now().refetch();
    await until(() => expect(now().state?.mood).toBe("bright"));
  });

  it("keeps the order of a fetch that knows of later messages than came while it ran", async () => {
    const { backend, now, ids, say } = await openPage();
    let answer = () => {};
    backend.hold = new Promise((resolve) => {
      answer = resolve;
    });
    backend.state = { turn: 2, messages: ["m1", "m2", "m3"].map(message) };
    const fetched = now().refetch();
    await say("m2");
    await until(() => expect(ids()).toBe("m1,m2"));
    answer();
    await fetched;
    await until(() => expect(ids()).toBe("m1,m2,m3"));
  });

  it.each<["failed" | "was cancelled"]>([["failed"], ["was cancelled"]])(
    "asks again with the next event for what was missed, where the fetch of it %s",
    async (how) => {
      const { backend, client, now, ids, close, port, queryClient } = await openPage();
      let fail: (error: Error) => void = () => {};
      backend.hold = new Promise((_, reject) => {
        fail = reject;
      });
      await close();
      const again = closedAtEnd(await openGame(port));
      await connected(client);
      await until(() => expect(backend.fetches).toBe(2));
      if (how === "was cancelled") await act(() => queryClient.cancelQueries());
      fail(new Error("down"));
      await until(() => expect(now()).toMatchObject({ isFetching: false }));
      backend.hold = Promise.resolve();
      backend.state = { turn: 2, messages: ["m1", "m2", "m3"].map(message) };
      await again.server.to.game("s").emit("message_added", { message: message("m3") });
      await until(() => expect(ids()).toBe("m1,m2,m3"));
      expect(backend.fetches).toBe(3);
    },
  );

  it("asks for what was missed also where an event comes before the page, suspended, has rendered the entry", async () => {
    const { page, Game, client, queryClient, backend, ids, say } = await open();
    await connected(client);
    queryClient.setQueryData(["game", "session", "s"], { turn: 1, messages: [] });
    let enter = () => {};
    const entry = new Promise<void>((resolve) => {
      enter = resolve;
    });
    const held = { ...client, join: (room: never) => entry.then(() => client.join(room)) };
    let wake = () => {};
    const sleep = new Promise<void>((resolve) => {
      wake = resolve;
    });
    let suspend = () => {};
    function Sleeper() {
      const [isAsleep, setAsleep] = useState(false);
      suspend = () => setAsleep(true);
      if (isAsleep) use(sleep);
      return null;
    }
    const view = render(
      page(
        <Suspense fallback="suspended">
          <Game />
          <Sleeper />
        </Suspense>,
        held as never,
      ),
    );
    await act(async () => suspend());
    view.getByText("suspended");
    enter();
    await until(() => expect(queryClient.getQueryState(["game", "session", "s"])?.isInvalidated).toBe(true));
    backend.state = { turn: 2, messages: ["m1", "m2"].map(message) };
    const told = new Promise((resolve) => client.once("game:message_added", resolve));
    await say("m2");
    await told;
    await act(async () => wake());
    await until(() => expect(ids()).toBe("m1,m2"));
  });

  it("fetches at once while there is no connection, and again when the game is entered", async () => {
    const { page, Game, client, backend, now, say, ids } = await open({ autoConnect: false });
    render(page(<Game />));
    await until(() => expect(now().state?.turn).toBe(1));
    expect(now().status).toBe("joining");
    await say("m2");
    backend.state = { turn: 2, messages: [message("m1"), message("m2")] };
    client.connect();
    await snapshot(client, { status: "connected" });
    await until(() => expect(ids()).toBe("m1,m2"));
    expect(backend.fetches).toBe(2);
  });

  it("fetches again when the game is entered also where an earlier fetch of a state that is there still runs", async () => {
    const { page, Game, client, backend, queryClient, now, say, ids } = await open({ autoConnect: false });
    queryClient.setQueryData(["game", "session", "s"], { turn: 1, messages: [message("m1")] });
    render(page(<Game />));
    let answer = () => {};
    backend.hold = new Promise((resolve) => {
      answer = resolve;
    });
    void now().refetch();
    await until(() => expect(backend.fetches).toBe(1));
    await say("m2");
    backend.state = { turn: 2, messages: [message("m1"), message("m2")] };
    client.connect();
    await until(() => expect(now().status).toBe("joined"));
    answer();
    await until(() => expect(ids()).toBe("m1,m2"));
    expect(backend.fetches).toBe(2);
  });

  it("shows who is in the game by its state: many who come at once over polling, and who came while another page was shown", async () => {
    const game = closedAtEnd(await openGame());
    const everybody = Array.from({ length: 6 }, (_, n) => `u${n}`);
    const shown: Record<string, readonly string[]> = {};
    interface Players {
      readonly members: readonly string[];
    }
    function Here({ as }: { readonly as: string }) {
      const { state } = useGameSession<Players>("s", {
        queryFn: async () => ({ members: await game.server.members("game_s") }),
        apply(before, { name, payload }) {
          if (name !== "game:player_joined" && name !== "game:player_left") return before;
          const others = before.members.filter((member) => member !== payload.user_id);
          return { members: name === "game:player_joined" ? [...others, payload.user_id] : others };
        },
      });
      shown[as] = [...(state?.members ?? [])].sort();
      return null;
    }
    const pages = everybody.map((user) => {
      const client = closedAtEnd(createGameClient(game.url, user, { socket: { transports: ["polling"] } }));
      const queryClient = new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY } } });
      onTestFinished(() => queryClient.clear());
      const page = (children: React.ReactNode) => (
        <QueryClientProvider client={queryClient}>
          <EventsProvider client={client}>{children}</EventsProvider>
        </QueryClientProvider>
      );
      return { client, page, view: render(page(<Here as={user} />)) };
    });
    await until(() => {
      for (const user of everybody) expect(shown[user]).toEqual(everybody);
    });

    const [first, second] = pages;
    first?.view.rerender(first.page(null));
    await new Promise((resolve) => setTimeout(resolve));
    const left = new Promise((resolve) => first?.client.once("game:player_left", resolve));
    await second?.client.leave("game_s");
    await left;
    first?.view.rerender(first.page(<Here as="u0" />));
    await until(() => expect(shown.u0).toEqual(everybody.filter((user) => user !== "u1")));
  });

  it("is one session for two components", async () => {
    const { page, view, Game, now, ids, say, backend, server } = await openPage();
    backend.state = { turn: 1, messages: [message("m1"), message("m2")] };
    let handled = 0;
    server.handle("game_action", () => {
      handled++;
      return {};
    });
    view.rerender(
      page(
        <>
          <Game key="a" as="a" />
          <Game key="b" as="b" />
        </>,
      ),
    );
    await until(() => expect(now("b").status).toBe("joined"));
    await say("m2");
    await until(() => expect([ids("a"), ids("b")]).toEqual(["m1,m2", "m1,m2"]));
    await now("a").send("game_action", { action: "look" });
    await until(() => expect(now("b").sent).toMatchObject([{ name: "game_action", state: "applied" }]));
    expect(handled).toBe(1);
    // The one that goes takes nothing from the other.
    view.rerender(page(<Game key="b" as="b" />));
    await say("m3");
    await until(() => expect(ids("b")).toBe("m1,m2,m3"));
  });

  it("tells of a command that it waits, was applied, was refused or has expired, and never rejects", async () => {
    const { client, now, server, cut } = await openPage();
    const said: string[] = [];
    server.handle("chat_message", ({ message: words, game_session_id }) => {
      said.push(`${game_session_id}: ${words}`);
      return {};
    });
    server.handle("game_action", () => {
      throw new CommandRefusal("sp_insufficient");
    });
    const states = () => now().sent.map(({ name, state, code }) => [name, state, code]);
    await cut();
    const waiting = now().send("chat_message", { message: "hello" });
    const late = now().send("chat_message", { message: "too late" }, { ttlMs: 1 });
    await until(() =>
      expect(states()).toEqual([
        ["chat_message", "pending", undefined],
        ["chat_message", "expired", "expired"],
      ]),
    );
    expect(await late).toMatchObject({ state: "expired", payload: { message: "too late" } });
    await connected(client);
    expect(await waiting).toMatchObject({ state: "applied" });
    expect(said).toEqual(["s: hello"]);
    expect(await now().send("game_action", { action: "fly" })).toMatchObject({
      state: "refused",
      code: "sp_insufficient",
    });
    await until(() => expect(states().map(([, state]) => state)).toEqual(["expired", "applied", "refused"]));
    await Promise.all(Array.from({ length: 205 }, (_, i) => now().send("chat_message", { message: `m${i}` })));
    await until(() => expect(now().sent).toHaveLength(200));
    expect(now().sent.at(-1)?.payload).toEqual({ message: "m204" });
  });

  it("lists in no game what was sent in another while there is no client", async () => {
    const { page, Game, now } = await open({ autoConnect: false });
    const view = render(page(<Game />, null as never));
    const sent = await act(() => now().send("chat_message", { message: "anybody?" }));
    expect(sent).toMatchObject({ state: "refused", code: "closed" });
    view.rerender(page(<Game as="b" of="t" />, null as never));
    expect(now("b").sent).toEqual([]);
  });
});
