// @vitest-environment jsdom
// biome-ignore-all lint/correctness/noComponentHookFactories: a test's component is made for one render
import type { EventClient } from "@gestaloka/events/client";
import { createEventHooks } from "@gestaloka/events/react";
import { act, cleanup, render, waitFor } from "@testing-library/react";
import { Activity, lazy, type ReactNode, StrictMode, Suspense, use, useLayoutEffect, useState } from "react";
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import { contract } from "../fixtures/contract.js";
import { connected } from "../support/awaited-client.js";
import { closedAtEnd } from "../support/closed-at-end.js";
import { createClient } from "../support/harbour-client.js";
import { type HarbourTypes, openHarbour } from "../support/harbour-server.js";

const { EventsProvider, useConnection, useEvent, useEventClient, useLatestEvent, useRoom } = createEventHooks(contract);
type Client = EventClient<HarbourTypes>;

afterEach(cleanup);

const slow = { timeout: 10_000, interval: 5 };
const until = (check: () => void) => waitFor(check, slow);
const quay = contract.rooms.quay("q");

async function open(options: Parameters<typeof openHarbour>[0] = {}) {
  const harbour = closedAtEnd(await openHarbour(options, { pingInterval: 1_000, pingTimeout: 5_000 }));
  return { ...harbour, connections: () => harbour.io.engine.clientsCount };
}

/** Counts the registrations of a client that are there now, by name. */
function watched(client: Client) {
  const counts = new Map<string, number>();
  let subscriptions = 0;
  const add = (name: string, by: number) => counts.set(name, (counts.get(name) ?? 0) + by);
  const on = (name: string, handler: never) => {
    add(name, 1);
    subscriptions++;
    const off = client.on(name as "ship:loaded", handler);
    return () => {
      add(name, -1);
      off();
    };
  };
  return {
    client: { ...client, on } as unknown as Client,
    now: (name: string) => counts.get(name) ?? 0,
    total: () => subscriptions,
  };
}

/** A component that waits for something again once `suspend` is called, as for data under another key. */
function createSuspended(useHooks: () => ReactNode) {
  let change = (_: Promise<void>) => {};
  function Suspended() {
    const [data, setData] = useState<Promise<void>>();
    change = setData;
    const shown = useHooks();
    if (data) use(data);
    return <p>{shown}</p>;
  }
  /** Gives the function that ends it. */
  async function suspend() {
    let end = () => {};
    await act(async () => change(new Promise((resolve) => (end = resolve))));
    return () => act(async () => end());
  }
  return { Suspended, suspend };
}

describe("EventsProvider", () => {
  it("makes one connection under StrictMode, and closes it when it goes", async () => {
    const { url, io, connections } = await open();
    let made = 0;
    let handshakes = 0;
    io.engine.on("connection", () => handshakes++);
    const create = () => {
      made++;
      return createClient(url);
    };
    const Status = () => <p>{useConnection().status}</p>;
    const page = render(
      <StrictMode>
        <EventsProvider create={create}>
          <Status />
        </EventsProvider>
      </StrictMode>,
    );
    await until(() => page.getByText("connected"));
    page.rerender(
      <StrictMode>
        <EventsProvider create={() => create()}>
          <Status />
        </EventsProvider>
      </StrictMode>,
    );
    expect([made, handshakes, connections()]).toEqual([1, 1, 1]);
    page.unmount();
    await until(() => expect(connections()).toBe(0));
  });

  it("keeps its client while the page around it is suspended", async () => {
    const { url, io, connections } = await open();
    let handshakes = 0;
    io.engine.on("connection", () => handshakes++);
    const { Suspended, suspend } = createSuspended(() => useConnection().status);
    const page = render(
      <Suspense fallback="loading">
        <EventsProvider create={() => createClient(url)}>
          <Suspended />
        </EventsProvider>
      </Suspense>,
    );
    await until(() => page.getByText("connected"));
    const end = await suspend();
    page.getByText("loading");
    // Whatever would close it does so a turn later.
    await new Promise((resolve) => setTimeout(resolve, 50));
    await end();
    await until(() => page.getByText("connected"));
    expect([handshakes, connections()]).toEqual([1, 1]);
    page.unmount();
    await until(() => expect(connections()).toBe(0));
  });

  it("leaves a client alone that it did not make", async () => {
    const { url, connections } = await open();
    const client = createClient(url);
    await connected(client);
    const page = render(<EventsProvider client={client}>hello</EventsProvider>);
    page.unmount();
    // Whatever would close it does so a turn later.
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([client.connection.getSnapshot().status, connections()]).toEqual(["connected", 1]);
  });

  it("closes the client that it made where the application gives one, and makes another where it does not any more", async () => {
    const { url } = await open();
    const own = createClient(url);
    const made: Client[] = [];
    const create = () => {
      made.push(createClient(url));
      return made.at(-1) as Client;
    };
    function Which() {
      const client = useEventClient();
      return <p>{client === own ? "own" : `made ${made.indexOf(client as Client) + 1}`}</p>;
    }
    const page = render(
      <EventsProvider client={own}>
        <Which />
      </EventsProvider>,
    );
    page.rerender(
      <EventsProvider create={create}>
        <Which />
      </EventsProvider>,
    );
    await until(() => page.getByText("made 1"));
    await connected(made[0] as Client);
    page.rerender(
      <EventsProvider client={own}>
        <Which />
      </EventsProvider>,
    );
    page.getByText("own");
    await until(() => expect(made[0]?.connection.getSnapshot().status).toBe("idle"));
    page.rerender(
      <EventsProvider create={create}>
        <Which />
      </EventsProvider>,
    );
    await until(() => page.getByText("made 2"));
  });

  it("gives no client where the application has none, and says so where it is missing itself", () => {
    const Client = () => <p>{String(useEventClient())}</p>;
    // The last as `ready && client` gives it in plain JavaScript.
    for (const client of [null, undefined, false as unknown as undefined]) {
      const page = render(
        <EventsProvider client={client}>
          <Client />
        </EventsProvider>,
      );
      page.getByText("undefined");
      page.unmount();
    }
    const told = console.error;
    console.error = () => {};
    expect(() => render(<Client />)).toThrow(/add an EventsProvider/);
    expect(() => render(<Client />)).toThrow(expect.objectContaining({ code: "provider_missing" }));
    console.error = told;
  });

  it("moves the hooks below it to another client, whose events alone they hear", async () => {
    const first = await open();
    const second = await open();
    const [a, b] = [createClient(first.url), createClient(second.url, { auth: { token: "bob" } })];
    await connected(a);
    await connected(b);
    const heard: string[] = [];
    function Post() {
      useEvent("letter:came", (letter) => heard.push(letter.kind === "text" ? letter.text : "parcel"));
      const last = useLatestEvent("letter:came");
      return <p>{`${useConnection().userId}: ${last?.kind === "text" ? last.text : "nothing"}`}</p>;
    }
    const at = (client: Client) => (
      <EventsProvider client={client}>
        <Post />
      </EventsProvider>
    );
    const page = render(at(a));
    await first.server.to.sailor("ada").emit("letter_came", { kind: "text", text: "one" });
    await until(() => page.getByText("ada: one"));
    page.rerender(at(b));
    page.getByText("bob: nothing");
    await first.server.to.sailor("ada").emit("letter_came", { kind: "text", text: "two" });
    await second.server.to.sailor("bob").emit("letter_came", { kind: "text", text: "three" });
    await until(() => page.getByText("bob: three"));
    expect(heard).toEqual(["one", "three"]);
    expect([first.connections(), second.connections()]).toEqual([1, 1]);
  });
});

describe("useEvent", () => {
  it("delivers every message once through StrictMode, three reconnects and renders, to the handler of the last", async () => {
    const { url, server, io } = await open();
    const spy = watched(createClient(url));
    const heard: string[] = [];
    let renderAgain = () => {};
    function Ship() {
      const [round, setRound] = useState(0);
      renderAgain = () => setRound((before) => before + 1);
      useRoom(quay);
      useEvent("ship:loaded", ({ crates }) => heard.push(`${round}:${crates}`));
      return <p>{`round ${round}`}</p>;
    }
    const page = render(
      <StrictMode>
        <EventsProvider client={spy.client}>
          <Ship />
        </EventsProvider>
      </StrictMode>,
    );
    const load = (crates: number) =>
      server.to.quay("q").emit("ship_loaded", { ship_id: "s", cargo: "tea", crates, added: 1, manifest: {} });
    await until(() => expect(io.sockets.adapter.rooms.has(quay)).toBe(true));
    for (let round = 1; round <= 3; round++) {
      await load(round * 10);
      await until(() => expect(heard).toHaveLength(round * 2 - 1));
      for (const socket of io.sockets.sockets.values()) socket.conn.close(true);
      await load(round * 10 + 1);
      await connected(spy.client);
      await until(() => expect(heard).toHaveLength(round * 2));
      renderAgain();
      await until(() => page.getByText(`round ${round}`));
    }
    expect(heard).toEqual(["0:10", "0:11", "1:20", "1:21", "2:30", "2:31"]);
    expect(spy.now("ship:loaded")).toBe(1);
    // StrictMode mounts twice; renders subscribe to nothing.
    const subscriptions = spy.total();
    renderAgain();
    await until(() => page.getByText("round 4"));
    expect(spy.total()).toBe(subscriptions);
  });

  it("takes out its own registration alone when it goes", async () => {
    const { url, server } = await open();
    const spy = watched(createClient(url));
    await connected(spy.client);
    const heard: string[] = [];
    const handler = () => heard.push("shared");
    spy.client.on("letter:came", handler);
    function Post({ name }: { readonly name: string }) {
      useEvent("letter:came", handler);
      useEvent("letter:came", () => heard.push(name));
      return null;
    }
    const at = (...names: string[]) => (
      <EventsProvider client={spy.client}>
        {names.map((name) => (
          <Post key={name} name={name} />
        ))}
      </EventsProvider>
    );
    const page = render(at("a", "b"));
    expect(spy.now("letter:came")).toBe(5);
    page.rerender(at("b"));
    await until(() => expect(spy.now("letter:came")).toBe(3));
    await server.to.sailor("ada").emit("letter_came", { kind: "text", text: "hello" });
    await until(() => expect(heard).toEqual(["shared", "shared", "b"]));
    page.unmount();
    await until(() => expect(spy.now("letter:came")).toBe(1));
  });

  it("is not called any more from the unmount on", async () => {
    const { url } = await open();
    const client = createClient(url);
    const handlers: (() => unknown)[] = [];
    const on = (_: string, handler: () => unknown) => {
      handlers.push(handler);
      return () => {};
    };
    const heard: string[] = [];
    function Post() {
      useEvent("letter:came", () => heard.push("letter"));
      return null;
    }
    const page = render(
      <EventsProvider client={{ ...client, on } as unknown as Client}>
        <Post />
      </EventsProvider>,
    );
    expect(handlers).toHaveLength(1);
    handlers[0]?.();
    page.unmount();
    handlers[0]?.();
    expect(heard).toEqual(["letter"]);
  });

  it("is not called with an event of the name, or of the client, of the render before", async () => {
    const { url } = await open();
    const listening = () => {
      const client = createClient(url);
      const handlers: (() => unknown)[] = [];
      const on = (_: string, handler: () => unknown) => {
        handlers.push(handler);
        return () => {};
      };
      return { client: { ...client, on } as unknown as Client, handlers };
    };
    const [first, second] = [listening(), listening()];
    const heard: string[] = [];
    function Post({ name }: { readonly name: "letter:came" | "gull:seen" }) {
      useEvent(name as "letter:came", () => heard.push(name));
      // An event may come before React runs other effects.
      useLayoutEffect(() => void first.handlers[0]?.());
      return null;
    }
    const at = (client: Client, name: "letter:came" | "gull:seen") => (
      <EventsProvider client={client}>
        <Post name={name} />
      </EventsProvider>
    );
    const page = render(at(first.client, "letter:came"));
    expect(heard).toEqual(["letter:came"]);
    page.rerender(at(first.client, "gull:seen"));
    page.rerender(at(second.client, "letter:came"));
    expect(heard).toEqual(["letter:came"]);
    second.handlers[0]?.();
    expect(heard).toEqual(["letter:came", "letter:came"]);
  });

  it("hears on while its page is suspended, and not while it is hidden", async () => {
    const { url, server } = await open();
    const client = createClient(url);
    await connected(client);
    const heard: string[] = [];
    const { Suspended, suspend } = createSuspended(() => {
      useEvent("letter:came", (letter) => heard.push(letter.kind === "text" ? letter.text : "parcel"));
      return "letters";
    });
    const at = (mode: "hidden" | "visible") => (
      <EventsProvider client={client}>
        <Activity mode={mode}>
          <Suspense fallback="loading">
            <Suspended />
          </Suspense>
        </Activity>
      </EventsProvider>
    );
    const page = render(at("visible"));
    const write = async (text: string) => {
      const came = new Promise((resolve) => client.once("letter:came", resolve));
      await server.to.sailor("ada").emit("letter_came", { kind: "text", text });
      await came;
    };
    const end = await suspend();
    page.getByText("loading");
    await write("suspended");
    await end();
    page.getByText("letters");
    await write("shown");
    page.rerender(at("hidden"));
    await write("hidden");
    page.rerender(at("visible"));
    await write("shown again");
    expect(heard).toEqual(["suspended", "shown", "shown again"]);
  });

  it("hears what the client itself tells", async () => {
    const { url } = await open();
    const client = createClient(url);
    const modes: string[] = [];
    function Line() {
      useEvent("ws:connected", ({ mode }) => modes.push(mode));
      return null;
    }
    render(
      <EventsProvider client={client}>
        <Line />
      </EventsProvider>,
    );
    await until(() => expect(modes).toEqual(["announced"]));
  });
});

describe("useLatestEvent", () => {
  it("listens as soon as it is on the page: an event may come before React runs other effects", async () => {
    const { url } = await open();
    const spy = watched(createClient(url));
    const seen: number[] = [];
    function Post() {
      useLatestEvent("letter:came");
      useLayoutEffect(() => void seen.push(spy.now("letter:came")));
      return null;
    }
    const page = render(
      <EventsProvider client={spy.client}>
        <Post />
      </EventsProvider>,
    );
    expect(seen).toEqual([1]);
    page.unmount();
    await until(() => expect(spy.now("letter:came")).toBe(0));
  });

  it("gives the last payload of a room, and none of another, of another name or of another user", async () => {
    const { url, server } = await open();
    const client = createClient(url);
    await connected(client);
    await Promise.all([client.join(quay), client.join(contract.rooms.quay("r"))]);
    function Gulls({ room, name }: { readonly room: typeof quay; readonly name: "gull:seen" | "tide:turned" }) {
      const last = useLatestEvent(name, { room });
      // What comes with no room, as all does from a plain server, may be of any.
      const isSounded = useLatestEvent("harbour:echoed", { room }) !== undefined;
      return <p>{`${room}: ${last && "count" in last ? last.count : "none"}${isSounded ? ", sounded" : ""}`}</p>;
    }
    const at = (room: typeof quay, name: "gull:seen" | "tide:turned" = "gull:seen") => (
      <EventsProvider client={client}>
        <Gulls room={room} name={name} />
      </EventsProvider>
    );
    const page = render(at(quay));
    const emitHeard = async (count: number) => {
      const heard = new Promise((resolve) => client.once("gull:seen", resolve));
      await act(async () => {
        await server.to.quay("r").emit("gull_seen", { count });
        await heard;
      });
    };
    await server.to.quay("q").emit("gull_seen", { count: 1 });
    await until(() => page.getByText("quay_q: 1"));
    // Another room's comes last: it would stay on the page.
    await emitHeard(7);
    page.getByText("quay_q: 1");
    page.rerender(at(contract.rooms.quay("r")));
    page.getByText("quay_r: none");
    await server.to.quay("r").emit("gull_seen", { count: 8 });
    await until(() => page.getByText("quay_r: 8"));
    await client.send("sound", { timestamp: new Date().toISOString() });
    await until(() => page.getByText("quay_r: 8, sounded"));
    page.rerender(at(contract.rooms.quay("r"), "tide:turned"));
    page.getByText("quay_r: none, sounded");
    page.rerender(at(contract.rooms.quay("r")));
    await emitHeard(9);
    page.getByText("quay_r: 9, sounded");
    client.close();
    await until(() => page.getByText("quay_r: none"));
  });

  it("renders once as it comes on the page, and for no event of another room", async () => {
    const { url, server } = await open();
    const client = createClient(url);
    await connected(client);
    await client.join(contract.rooms.quay("r"));
    let renders = 0;
    function Gulls() {
      renders++;
      return <p>{useLatestEvent("gull:seen", { room: quay })?.count}</p>;
    }
    render(
      <EventsProvider client={client}>
        <Gulls />
      </EventsProvider>,
    );
    const heard = new Promise((resolve) => client.once("gull:seen", resolve));
    await act(async () => {
      await server.to.quay("r").emit("gull_seen", { count: 1 });
      await heard;
    });
    expect(renders).toBe(1);
  });
});

describe("useConnection", () => {
  it("gives the same object until something changes, and renders for nothing else", async () => {
    const { url } = await open();
    const client = createClient(url);
    const seen: object[] = [];
    let renderAgain = () => {};
    function Line() {
      const [, setRound] = useState(0);
      renderAgain = () => setRound((before) => before + 1);
      const line = useConnection();
      seen.push(line);
      return <p>{line.status}</p>;
    }
    const page = render(
      <EventsProvider client={client}>
        <Line />
      </EventsProvider>,
    );
    await until(() => page.getByText("connected"));
    await until(() => expect(client.connection.getSnapshot().transport).toBe("websocket"));
    const before = seen.length;
    renderAgain();
    await until(() => expect(seen).toHaveLength(before + 1));
    expect(seen.at(-1)).toBe(seen.at(-2));
    client.close();
    await until(() => page.getByText("idle"));
  });

  it("takes up what a server rendered, where the client is connected by then", async () => {
    const { url } = await open();
    const client = createClient(url);
    await connected(client);
    const Line = () => <p>{useConnection().status}</p>;
    const container = document.body.appendChild(document.createElement("div"));
    container.innerHTML = "<p>idle</p>";
    const wrong: unknown[] = [];
    const page = (
      <EventsProvider client={client}>
        <Line />
      </EventsProvider>
    );
    const view = render(page, { container, hydrate: true, onRecoverableError: (error) => wrong.push(error) });
    view.getByText("connected");
    expect(wrong).toEqual([]);
  });
});

describe("useEventClient", () => {
  it("gives no client to a part of the page that is hydrated after there is one, until it shows what the server rendered", async () => {
    const { url } = await open();
    const Send = () => (
      <button type="button" disabled={!useEventClient()}>
        {useConnection().status}
      </button>
    );
    let load = () => {};
    const Late = lazy(
      () => new Promise<{ default: typeof Send }>((resolve) => (load = () => resolve({ default: Send }))),
    );
    const container = document.body.appendChild(document.createElement("div"));
    container.innerHTML = '<p>idle</p><!--$--><button type="button" disabled="">idle</button><!--/$-->';
    const Line = () => <p>{useConnection().status}</p>;
    const page = (
      <EventsProvider create={() => createClient(url)}>
        <Line />
        <Suspense>
          <Late />
        </Suspense>
      </EventsProvider>
    );
    const wrong: unknown[] = [];
    const tell = console.error;
    console.error = (...words) => wrong.push(words);
    onTestFinished(() => {
      console.error = tell;
    });
    const view = render(page, { container, hydrate: true, onRecoverableError: (error) => wrong.push(error) });
    await until(() => expect(container.firstChild?.textContent).toBe("connected"));
    await act(async () => load());
    await until(() => expect(view.getByRole("button").textContent).toBe("connected"));
    expect(container.querySelector("button")?.disabled).toBe(false);
    expect(wrong).toEqual([]);
  });
});

describe("useRoom", () => {
  const states: (() => ReturnType<typeof useRoom<typeof quay>>)[] = [];
  function Quay({ at }: { readonly at: number }) {
    const room = useRoom(quay);
    states[at] = () => room;
    return <p>{`${at} ${room.status} ${room.code ?? ""} ${room.data?.members.join() ?? ""}`}</p>;
  }
  const page = (client: Client, ...places: number[]): ReactNode => (
    <StrictMode>
      <EventsProvider client={client}>
        {places.map((at) => (
          <Quay key={at} at={at} />
        ))}
      </EventsProvider>
    </StrictMode>
  );

  it("enters once for all, stays when the page goes, and leaves for all by leave alone", async () => {
    const { url, server } = await open();
    const commands: string[] = [];
    const client = createClient(url);
    await connected(client);
    client.on("harbour:docked", () => commands.push("docked"));
    client.on("harbour:cast_off", () => commands.push("cast off"));
    const view = render(page(client, 1, 2));
    await until(() => view.getByText("1 joined ada"));
    view.getByText("2 joined ada");
    view.rerender(page(client, 2));
    view.rerender(page(client));
    view.rerender(page(client, 1, 2));
    view.getByText("1 joined ada");
    view.rerender(page(client));
    // Nobody uses it from the next turn on: it is entered, and whoever comes sees that at once.
    await new Promise((resolve) => setTimeout(resolve));
    view.rerender(page(client, 1, 2));
    view.getByText("1 joined ada");
    expect(commands).toEqual(["docked"]);
    expect(await server.members(quay)).toEqual(["ada"]);
    // The answer to what was asked before the last word is no news.
    states[1]?.().join();
    await states[1]?.().leave();
    await until(() => view.getByText("2 left"));
    await until(() => expect(commands).toEqual(["docked", "cast off"]));
    expect(await server.members(quay)).toEqual([]);
    act(() => states[2]?.().join());
    view.getByText("1 joining");
    await until(() => view.getByText("1 joined ada"));
  });

  it("says of a room that was closed while no page showed it that it is being entered, and then what came of that", async () => {
    let isOpen = true;
    const { url, server } = await open({ authorize: () => isOpen });
    const client = createClient(url);
    await connected(client);
    const view = render(page(client, 1));
    await until(() => view.getByText("1 joined ada"));
    view.rerender(page(client));
    await new Promise((resolve) => setTimeout(resolve));
    isOpen = false;
    const closed = new Promise((resolve) => client.once("ws:room-closed", resolve));
    await server.revoke("ada", quay);
    await closed;
    view.rerender(page(client, 1));
    await act(async () => {});
    view.getByText("1 joining");
    await until(() => view.getByText("1 closed forbidden"));
  });

  it("does not enter again after a reconnect what was left, and reads the answer to every entry anew", async () => {
    const { url, server, io, announced } = await open();
    const client = createClient(url);
    await connected(client);
    const view = render(page(client, 1));
    await until(() => view.getByText("1 joined ada"));
    const cut = async () => {
      for (const socket of io.sockets.sockets.values()) if (socket.data.userId !== "bob") socket.conn.close(true);
      await until(() => expect(client.connection.getSnapshot().status).not.toBe("connected"));
      await connected(client);
    };
    const bob = announced("bob");
    await bob.got("$hello");
    await new Promise<void>((resolve) => bob.socket.emit("$enter", { room: quay }, () => resolve()));
    await cut();
    await until(() => view.getByText("1 joined ada,bob"));
    await states[1]?.().leave();
    await cut();
    // Commands are sent after the rooms are entered.
    await client.send("sound", { timestamp: new Date().toISOString() });
    view.getByText("1 left");
    expect(await server.members(quay)).not.toContain("ada");
  });

  it("enters nothing while it has no room", async () => {
    const { url } = await open();
    const client = createClient(url);
    await connected(client);
    const Nowhere = () => <p>{useRoom(undefined).status}</p>;
    const view = render(
      <EventsProvider client={client}>
        <Nowhere />
      </EventsProvider>,
    );
    await act(async () => void (await client.send("sound", { timestamp: new Date().toISOString() })));
    view.getByText("joining");
  });

  it("is not left by somebody who has no client yet for others who have none", async () => {
    const at = (place: number) => (
      <EventsProvider client={null}>
        <Quay at={place} />
      </EventsProvider>
    );
    const view = render(at(1));
    await act(async () => void states[1]?.().leave());
    view.getByText("1 joining");
    expect(states[1]?.().leave()).toBeInstanceOf(Promise);
  });

  it("says why the server closed it, and enters again by join", async () => {
    let open_ = false;
    const { url, server } = await open({ authorize: ({ room }) => room !== quay || open_ });
    const client = createClient(url);
    await connected(client);
    const Other = () => <p>{`other ${useRoom(contract.rooms.quay("r")).status}`}</p>;
    const view = render(
      <EventsProvider client={client}>
        <Quay at={1} />
        <Other />
      </EventsProvider>,
    );
    await until(() => view.getByText("1 closed forbidden"));
    await until(() => view.getByText("other joined"));
    open_ = true;
    states[1]?.().join();
    await until(() => view.getByText("1 joined ada"));
    await server.revoke("ada", quay);
    await until(() => view.getByText("1 closed revoked"));
    view.getByText("other joined");
  });
});
