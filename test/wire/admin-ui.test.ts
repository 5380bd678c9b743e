import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { contract, rooms } from "@gestaloka/events";
import { createEventClient } from "@gestaloka/events/client";
import { createEventServer, serverOptions } from "@gestaloka/events/server";
import { expectEvent, recordEvents } from "@gestaloka/events/testing";
import { instrument } from "@socket.io/admin-ui";
import { Server } from "socket.io";
import { io as connectSocket } from "socket.io-client";
import { describe, expect, it, onTestFinished } from "vitest";
import { connected } from "../support/awaited-client.js";
import { closedAtEnd } from "../support/closed-at-end.js";

const purchase = { current_sp: 5, amount_changed: 5, transaction_type: "purchase", description: "" } as const;
const uiOrigin = "https://admin.socket.io";

async function openGame(mode: "development" | "production" = "development") {
  const http = createServer();
  const io = new Server(http, serverOptions({ origins: [uiOrigin], allowMissingOrigin: true }));
  instrument(io, { auth: false, mode });
  const server = createEventServer(io, {
    contract,
    authenticate: ({ auth }) => (typeof auth.token === "string" ? { userId: auth.token } : null),
    authorize: () => true,
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  onTestFinished(async () => {
    await server.close();
    await io.close();
  });
  return { io, server, url };
}

describe("Socket.IO's admin UI beside the library", () => {
  it("sees connections, rooms and events, closes a connection, and breaks nothing of the library", async () => {
    const { server, url } = await openGame();
    // The page of the UI is a client like this one, of the namespace /admin.
    const ui = connectSocket(`${url}/admin`, { transports: ["websocket"], extraHeaders: { origin: uiOrigin } });
    onTestFinished(() => void ui.disconnect());
    const told: [name: string, ...args: unknown[]][] = [];
    ui.onAny((name: string, ...args: unknown[]) => told.push([name, ...args]));
    const of = (name: string) => told.filter(([came]) => came === name).map(([, ...args]) => args);
    await expect.poll(() => of("config").length, { timeout: 5_000 }).toBe(1);

    const alice = closedAtEnd(createEventClient(url, { contract, auth: { token: "alice" } }));
    await connected(alice);
    await alice.join(rooms.game("g"));
    await expect
      .poll(() => of("room_joined").map(([, room]) => room), { timeout: 5_000 })
      .toEqual(expect.arrayContaining(["user_alice", "game_g"]));

    const update = expectEvent(alice, "sp:update");
    await server.to
      .user("alice")
      .emit("sp_update", { current_sp: 5, amount_changed: 5, transaction_type: "purchase", description: "" });
    expect((await update).current_sp).toBe(5);

    const [[{ id }]] = of("socket_connected").filter(([socket]) => (socket as { nsp: string }).nsp === "/") as [
      [{ id: string }],
    ];
    const again = expectEvent(alice, "server:connected", { withinMs: 10_000 });
    ui.emit("_disconnect", "/", false, id);
    await again;
    expect(alice.connection.getSnapshot()).toMatchObject({ status: "connected", mode: "announced" });
    expect(await server.members(rooms.game("g"))).toEqual(["alice"]);
  }, 30_000);

  it("puts nobody into a room that the application did not let in", async () => {
    const { server, url, io } = await openGame();
    const ui = connectSocket(`${url}/admin`, { transports: ["websocket"], extraHeaders: { origin: uiOrigin } });
    onTestFinished(() => void ui.disconnect());
    const alice = closedAtEnd(createEventClient(url, { contract, auth: { token: "alice" } }));
    await connected(alice);
    const record = recordEvents(alice, contract);
    const [socket] = io.sockets.sockets.values();
    ui.emit("join", "/", "game_secret", socket?.id);
    await expect.poll(() => socket?.rooms.has("game_secret"), { timeout: 5_000 }).toBe(true);
    const update = expectEvent(alice, "sp:update", { withinMs: 10_000 });
    await server.to.game("secret").emit("narrative_update", { narrative_type: "general", narrative: "hush" });
    await server.to.user("alice").emit("sp_update", purchase);
    await update;
    expect(record.of("game:narrative_update")).toEqual([]);
  }, 30_000);

  it.each(["development", "production"] as const)(
    "shows events with their arguments, in the mode %s",
    async (mode) => {
      const { server, url } = await openGame(mode);
      const ui = connectSocket(`${url}/admin`, { transports: ["websocket"], extraHeaders: { origin: uiOrigin } });
      onTestFinished(() => void ui.disconnect());
      const sent: unknown[] = [];
      ui.on("event_sent", (_namespace: string, _id: string, args: unknown[]) => sent.push(args[0]));
      const alice = closedAtEnd(createEventClient(url, { contract, auth: { token: "alice" } }));
      await connected(alice);
      const update = expectEvent(alice, "sp:update", { withinMs: 10_000 });
      await server.to.user("alice").emit("sp_update", purchase);
      await update;
      if (mode === "development") await expect.poll(() => sent, { timeout: 5_000 }).toContain("sp_update");
      else {
        // What the page is sent at intervals comes behind what it was sent before.
        await new Promise((resolve) => ui.once("server_stats", resolve));
        expect(sent).toEqual([]);
      }
    },
    30_000,
  );

  it("asks for no weaker option than serverOptions gives", async () => {
    const { server } = await openGame();
    expect(await server.health()).toMatchObject({ ready: true });
  });
});
