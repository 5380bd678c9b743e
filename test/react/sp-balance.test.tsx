// @vitest-environment jsdom
// biome-ignore-all lint/correctness/noComponentHookFactories: a test's component is made for one render
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { SpUpdatePayload } from "@gestaloka/events";
import {
  EventsProvider,
  type GestalokaClient,
  type SPBalanceEvent,
  type SPBalanceOptions,
  useNotifications,
  useSPBalanceSummary,
} from "@gestaloka/events/react";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, render, waitFor } from "@testing-library/react";
import { type ReactNode, StrictMode, Suspense, use, useState } from "react";
import { Server } from "socket.io";
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import { connected, snapshot } from "../support/awaited-client.js";
import { closedAtEnd } from "../support/closed-at-end.js";
import { createClient as createGameClient, openGame, spent } from "./game-server.js";

afterEach(cleanup);

const until = (check: () => void) => waitFor(check, { timeout: 10_000, interval: 5 });

interface Balance {
  readonly current_sp: number;
  readonly daily: string;
}

async function open() {
  const game = closedAtEnd(await openGame());
  // Nothing but the hooks makes it fetch again.
  const queryClient = new QueryClient({
    defaultOptions: { queries: { retry: false, staleTime: Number.POSITIVE_INFINITY, refetchOnMount: false } },
  });
  onTestFinished(() => queryClient.clear());
  return {
    ...game,
    queryClient,
    createClient(token = "ada") {
      return closedAtEnd(createGameClient(game.url, token));
    },
    page: (client: GestalokaClient, children: ReactNode) => (
      <QueryClientProvider client={queryClient}>
        <EventsProvider client={client}>{children}</EventsProvider>
      </QueryClientProvider>
    ),
  };
}

/** A backend whose answers a test gives, one a fetch. */
function createBackend() {
  const asked: { readonly signal: AbortSignal; readonly answer: (current_sp: number, daily?: string) => void }[] = [];
  return {
    asked,
    queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
      new Promise<Balance>((resolve) => {
        asked.push({ signal, answer: (current_sp, daily = "") => resolve({ current_sp, daily }) });
      }),
    async answer(fetch: number, current_sp: number, daily?: string) {
      await until(() => expect(asked.length).toBeGreaterThanOrEqual(fetch));
      asked[fetch - 1]?.answer(current_sp, daily);
    },
  };
}

function Points(options: SPBalanceOptions<Balance>) {
  const { data, isPending } = useSPBalanceSummary(options);
  return <p>{isPending ? "loading" : `${data?.current_sp} SP${data?.daily}`}</p>;
}

/** A page with its first balance on it, on a connection that was there before. */
async function openPage(options: Partial<SPBalanceOptions<Balance>> = {}) {
  const game = await open();
  const client = game.createClient();
  await connected(client);
  const backend = createBackend();
  const view = render(game.page(client, <Points queryFn={backend.queryFn} {...options} />));
  const emit = (current_sp: number, change: number) =>
    game.server.to.user("ada").emit("sp_update", spent(current_sp, change));
  return { ...game, client, backend, view, emit };
}

describe("useSPBalanceSummary", () => {
  it("fetches once, and goes by the events from then on", async () => {
    const { backend, view, emit, server } = await openPage();
    view.getByText("loading");
    await backend.answer(1, 100, " today");
    await until(() => view.getByText("100 SP today"));
    await emit(70, -30);
    await until(() => view.getByText("70 SP today"));
    await server.to.user("ada").emit("sp_daily_recovery", {
      success: true,
      recovered_amount: 10,
      subscription_bonus: 0,
      login_bonus: 5,
      consecutive_days: 1,
      balance_after: 85,
    });
    await until(() => view.getByText("85 SP today"));
    await server.to.user("ada").emit("sp_insufficient", { required_amount: 500, current_sp: 84, action: "a" });
    await until(() => view.getByText("84 SP today"));
    expect(backend.asked).toHaveLength(1);
  });

  it("lets the first fetch end, and then applies the last event that came meanwhile", async () => {
    const { backend, view, emit, client } = await openPage();
    await until(() => expect(backend.asked).toHaveLength(1));
    await emit(70, -30);
    await emit(60, -10);
    await until(() => expect(client.counts.received).toBeGreaterThanOrEqual(3));
    view.getByText("loading");
    expect(backend.asked[0]?.signal.aborted).toBe(false);
    const seen: string[] = [];
    const observer = new MutationObserver(() => seen.push(view.container.textContent ?? ""));
    observer.observe(view.container, { childList: true, characterData: true, subtree: true });
    await backend.answer(1, 100, " today");
    await until(() => view.getByText("60 SP today"));
    observer.disconnect();
    // What was fetched is never on the page without the event.
    expect(seen).toEqual(["60 SP today"]);
    expect(backend.asked).toHaveLength(1);
  });

  it("cancels a later fetch, whose result would be older than the event", async () => {
    const { backend, view, emit, queryClient } = await openPage();
    await backend.answer(1, 100);
    await until(() => view.getByText("100 SP"));
    const refetched = queryClient.refetchQueries({ queryKey: ["sp", "balance"] });
    await until(() => expect(backend.asked).toHaveLength(2));
    await emit(70, -30);
    await until(() => view.getByText("70 SP"));
    expect(backend.asked[1]?.signal.aborted).toBe(true);
    await backend.answer(2, 100);
    await refetched;
    view.getByText("70 SP");
    expect(queryClient.isFetching()).toBe(0);
  });

  it("fetches again what may lack events: after a restart of the server, whole, with what came meanwhile on top", async () => {
    const { backend, view, client, port, close } = await openPage();
    await backend.answer(1, 100, " today");
    await until(() => view.getByText("100 SP today"));
    await close();
    const again = closedAtEnd(await openGame(port));
    await connected(client);
    await until(() => expect(backend.asked).toHaveLength(2));
    await again.server.to.user("ada").emit("sp_update", spent(50, -30));
    await until(() => view.getByText("50 SP today"));
    // The balance of the event, and of everything else what was fetched.
    await backend.answer(2, 80, " tomorrow");
    await until(() => view.getByText("50 SP tomorrow"));
    expect(backend.asked).toHaveLength(2);
  });

  it("fetches again what was fetched before the connection was there", async () => {
    const game = await open();
    const client = closedAtEnd(createGameClient(game.url, "ada", { autoConnect: false }));
    const backend = createBackend();
    const view = render(game.page(client, <Points queryFn={backend.queryFn} />));
    await until(() => expect(backend.asked).toHaveLength(1));
    // Emitted before the connection, so that only another fetch can tell of it.
    await game.server.to.user("ada").emit("sp_update", spent(70, -30));
    client.connect();
    await snapshot(client, { status: "connected" });
    await backend.answer(1, 100);
    await until(() => view.getByText("100 SP"));
    await backend.answer(2, 70);
    await until(() => view.getByText("70 SP"));
    expect(backend.asked).toHaveLength(2);
  });

  it("fetches again for another client, whose events were not heard so far", async () => {
    const { backend, view, page, createClient } = await openPage();
    await backend.answer(1, 100);
    await until(() => view.getByText("100 SP"));
    const other = createClient();
    await connected(other);
    view.rerender(page(other, <Points queryFn={backend.queryFn} />));
    await backend.answer(2, 90);
    await until(() => view.getByText("90 SP"));
    expect(backend.asked).toHaveLength(2);
  });

  it("fetches again for another user of the same client", async () => {
    const game = await open();
    let token = "ada";
    const client = closedAtEnd(createGameClient(game.url, "", { auth: () => ({ token }) }));
    await connected(client);
    const backend = createBackend();
    const view = render(game.page(client, <Points queryFn={backend.queryFn} />));
    await backend.answer(1, 100);
    await until(() => view.getByText("100 SP"));
    client.close({ forget: true });
    token = "bob";
    client.connect();
    await backend.answer(2, 90);
    await until(() => view.getByText("90 SP"));
    expect(backend.asked).toHaveLength(2);
  });

  it("fetches again after each reconnect to a plain server that does not say who the user is", async () => {
    const http = createServer();
    const io = closedAtEnd(new Server(http));
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    const { port } = http.address() as AddressInfo;
    const { page } = await open();
    const client = closedAtEnd(createGameClient(`http://127.0.0.1:${port}`, "ada", { helloTimeoutMs: 1 }));
    await connected(client);
    const backend = createBackend();
    const view = render(page(client, <Points queryFn={backend.queryFn} />));
    await backend.answer(1, 100);
    await until(() => view.getByText("100 SP"));
    for (const fetch of [2, 3]) {
      for (const socket of io.sockets.sockets.values()) socket.conn.close(true);
      await backend.answer(fetch, 100 - fetch);
      await until(() => view.getByText(`${100 - fetch} SP`));
    }
    expect(backend.asked).toHaveLength(3);
  });

  it("applies and tells each event once, however many components show it and under whatever key", async () => {
    const { view, page, client, queryClient, server, emit, cut } = await openPage();
    view.unmount();
    const toasts: unknown[] = [];
    const applied: number[] = [];
    const options: SPBalanceOptions<Balance> = {
      queryFn: () => ({ current_sp: 100, daily: "" }),
      apply: (balance, event) => {
        if (event.type === "sp_update") applied.push(event.amount_changed);
        return event.type === "sp_update" ? { ...balance, current_sp: event.current_sp } : balance;
      },
      toast: (toast) => toasts.push(toast),
    };
    const pages = render(
      page(
        client,
        <StrictMode>
          <Points {...options} />
          <Points {...options} toast={undefined} />
          <Points {...options} />
          <Points {...options} queryKey={["sp", "summary"]} />
        </StrictMode>,
      ),
    );
    await until(() => expect(pages.getAllByText("100 SP")).toHaveLength(4));
    await emit(70, -30);
    await until(() => expect(pages.getAllByText("70 SP")).toHaveLength(4));
    // Once for each of the two keys, and told once.
    expect(applied).toEqual([-30, -30]);
    await server.to.user("ada").emit("sp_insufficient", { required_amount: 500, current_sp: 70, action: "a" });
    await until(() => expect(toasts).toHaveLength(2));
    expect(toasts).toEqual([
      { title: "SPを消費しました", description: "自由行動", variant: "default" },
      {
        title: "SP不足",
        description: "SP残高が不足しています。必要: 500, 現在: 70",
        variant: "destructive",
      },
    ]);
    // What was missed counts, and is no news.
    cut();
    await emit(40, -30);
    await connected(client);
    await until(() => expect(pages.getAllByText("40 SP")).toHaveLength(4));
    await emit(90, 50);
    await until(() => expect(pages.getAllByText("90 SP")).toHaveLength(4));
    expect(toasts.slice(2)).toEqual([{ title: "SPを獲得しました", description: "自由行動", variant: "default" }]);
    expect(queryClient.getQueryData(["sp", "summary"])).toEqual({ current_sp: 90, daily: "" });
  });

  it("goes on, and tells, while the page is suspended, and fetches nothing anew for that", async () => {
    const toasts: number[] = [];
    const { page, createClient, server } = await open();
    const client = createClient();
    await connected(client);
    const emit = (current_sp: number, change: number) =>
      server.to.user("ada").emit("sp_update", spent(current_sp, change));
    let fetches = 0;
    const queryFn = () => {
      fetches++;
      return { current_sp: 100, daily: "" };
    };
    let change = (_: Promise<void>) => {};
    function Sleeper() {
      const [data, setData] = useState<Promise<void>>();
      change = setData;
      if (data) use(data);
      return null;
    }
    const toast = (_: unknown, event: SPBalanceEvent) => toasts.push((event as SpUpdatePayload).amount_changed);
    const view = render(
      page(
        client,
        <Suspense fallback="suspended">
          <Points queryFn={queryFn} toast={toast} />
          <Sleeper />
        </Suspense>,
      ),
    );
    await until(() => view.getByText("100 SP"));
    let end = () => {};
    await act(async () => change(new Promise((resolve) => (end = resolve))));
    view.getByText("suspended");
    await emit(70, -30);
    await until(() => expect(toasts).toEqual([-30]));
    await act(async () => end());
    await until(() => view.getByText("70 SP"));
    await emit(60, -10);
    await until(() => view.getByText("60 SP"));
    expect(toasts).toEqual([-30, -10]);
    expect(fetches).toBe(1);
  });

  it("goes on for the components that stay", async () => {
    const { page, view, client, emit, backend } = await openPage();
    const both = (
      <>
        <Points key="a" queryFn={backend.queryFn} />
        <Points key="b" queryFn={backend.queryFn} />
      </>
    );
    await backend.answer(1, 100);
    view.rerender(page(client, both));
    await until(() => expect(view.getAllByText("100 SP")).toHaveLength(2));
    for (const { answer } of backend.asked) answer(100);
    view.rerender(page(client, <Points key="b" queryFn={backend.queryFn} />));
    await emit(70, -30);
    await until(() => view.getByText("70 SP"));
  });
});

describe("useNotifications", () => {
  function Bell() {
    const { items, dismiss, clear } = useNotifications();
    return (
      <>
        <p>{items.map((item) => (item.type === "friend_request" ? item.from_user.name : item.type)).join()}</p>
        <button type="button" onClick={() => items[0] && dismiss(items[0].id)}>
          dismiss
        </button>
        <button type="button" onClick={clear}>
          clear
        </button>
      </>
    );
  }

  it("keeps the newest 100 from its first component on, one list for all, until they are put away", async () => {
    const { server, page, createClient } = await open();
    const client = createClient();
    await connected(client);
    const view = render(page(client, <Bell />));
    // Kept also while none is on the page.
    view.rerender(page(client, null));
    const emit = (name: string) =>
      server.to.user("ada").emit("notification", { type: "friend_request", from_user: { name } });
    for (let i = 1; i <= 101; i++) await emit(`f${i}`);
    await until(() => expect(client.counts.received).toBeGreaterThanOrEqual(102));
    view.rerender(
      page(
        client,
        <StrictMode>
          <Bell />
          <Bell />
        </StrictMode>,
      ),
    );
    const newest = Array.from({ length: 100 }, (_, i) => `f${101 - i}`);
    expect(view.getAllByText(newest.join())).toHaveLength(2);
    view.getAllByText("dismiss")[0]?.click();
    await until(() => expect(view.getAllByText(newest.slice(1).join())).toHaveLength(2));
    view.getAllByText("clear")[1]?.click();
    await until(() => expect(view.queryByText(/f/)).toBeNull());
    await emit("again");
    await until(() => expect(view.getAllByText("again")).toHaveLength(2));
    // Who logs out takes them along.
    client.close({ forget: true });
    await until(() => expect(view.queryByText("again")).toBeNull());
  });
});
