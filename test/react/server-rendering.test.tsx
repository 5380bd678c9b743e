import { contract } from "@gestaloka/events";
import { createEventClient } from "@gestaloka/events/client";
import {
  EventsProvider,
  useConnection,
  useEvent,
  useGameSession,
  useLatestEvent,
  useNotifications,
  useSPBalanceSummary,
} from "@gestaloka/events/react";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { renderToString } from "react-dom/server";
import { describe, expect, it } from "vitest";

function Page() {
  useEvent("sp:update", () => undefined);
  const line = useConnection();
  const room = useLatestEvent("game:narrative_update");
  const { items } = useNotifications();
  const game = useGameSession("s", { queryFn: async () => ({}) });
  const { isPending } = useSPBalanceSummary({ queryFn: async () => ({ current_sp: 1 }) });
  return <p>{[line.status, room?.narrative ?? "silent", items.length, game.status, isPending].join(" ")}</p>;
}

const html = (children: ReactNode) =>
  renderToString(<QueryClientProvider client={new QueryClient()}>{children}</QueryClientProvider>);

describe("on a server", () => {
  it("renders the page as it is before there is a connection, and opens none", () => {
    const told: unknown[] = [];
    const tell = console.error;
    console.error = (...words) => told.push(words);
    const create = () => {
      throw new Error("not on a server");
    };
    const page = html(
      <EventsProvider create={create}>
        <Page />
      </EventsProvider>,
    );
    console.error = tell;
    expect(page).toMatchInlineSnapshot(`"<p>idle silent 0 joining true</p>"`);
    expect(told).toEqual([]);
  });

  it("renders the same with a client of the application's, which it leaves as it is", () => {
    const client = createEventClient("http://127.0.0.1:9", { contract, auth: {}, autoConnect: false });
    const page = html(
      <EventsProvider client={client}>
        <Page />
      </EventsProvider>,
    );
    expect(page).toBe("<p>idle silent 0 joining true</p>");
    expect(client.connection.getSnapshot().status).toBe("idle");
  });
});
