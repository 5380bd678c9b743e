import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { contract } from "@gestaloka/events";
import {
  createEventServer,
  type EventServer,
  GameEventEmitter,
  SPEventEmitter,
  serverOptions,
} from "@gestaloka/events/server";
import { Server } from "socket.io";
import { afterEach, expect, it } from "vitest";
import { hasPythonSocketio, startPlainClient } from "../support/python-process.js";
import { requireOrSkip } from "../support/required-service.js";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function startServer(): Promise<{
  url: string;
  server: EventServer<NonNullable<(typeof contract)["~types"]>>;
  handled: unknown[];
}> {
  const http = createServer();
  const io = new Server(http, serverOptions({ origins: [], allowMissingOrigin: true }));
  const server = createEventServer(io, {
    contract,
    authenticate: ({ auth }) => (auth.token === "t" ? { userId: "u1" } : null),
    authorize: () => true,
  });
  const handled: unknown[] = [];
  server.handle("game_action", (command) => {
    handled.push(command);
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  closers.push(() => io.close());
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`, server, handled };
}

requireOrSkip("python-socketio", hasPythonSocketio())("a Python client with one-parameter handlers", () => {
  it.each([["websocket"], ["polling"]])("gets every kind of event as one argument, over %s", async (transport) => {
    const { url, server } = await startServer();
    const client = await startPlainClient([
      "connected",
      "joined_game",
      "sp_update",
      "narrative_update",
      "processing_started",
      "game_progress",
    ]);
    closers.push(() => client.stop());
    await client.connect(url, { auth: { token: "t" }, transports: [transport] });
    await client.next("connected");
    await client.call("join_game", [{ game_session_id: "g1", user_id: "u1" }], 5_000);
    await client.next("joined_game");

    const game = new GameEventEmitter(server);
    await new SPEventEmitter(server).emitSpUpdate("u1", {
      current_sp: 5,
      amount_changed: 5,
      transaction_type: "purchase",
      description: "d",
    });
    // Several of one tick, which announced clients get as one pack, and one of the low lane.
    void game.emitProcessingStarted("g1", { action: "a", status: "s" });
    void game.emitProcessingStarted("g1", { action: "b", status: "s" });
    void game.emitGameProgress("g1", { percentage: 5, message: "m", details: {}, elapsed_time: 1 });
    await game.emitNarrativeUpdate("g1", { narrative_type: "general", narrative: "n" });
    await client.next("sp_update");
    await client.next("narrative_update");
    await client.next("game_progress");
    expect(client.payloads("processing_started")).toHaveLength(2);
    expect(client.payloads("sp_update")).toMatchObject([{ type: "sp_update", balance_before: 0, balance_after: 5 }]);
    // A second argument would have been a TypeError in the handler.
    expect(client.process.of("exception")).toEqual([]);
    expect(client.process.of("unhandled")).toEqual([]);
  });

  it("gets a bare acknowledgement, and an error event with a code where its command is refused", async () => {
    const { url, handled } = await startServer();
    const client = await startPlainClient(["error", "joined_game"]);
    closers.push(() => client.stop());
    await client.connect(url, { auth: { token: "t" }, transports: ["websocket"] });
    await client.call("join_game", [{ game_session_id: "g1", user_id: "u1" }], 5_000);
    await client.call("game_action", [{ game_session_id: "g1", action: "open", user_id: "u1" }], 5_000);
    expect(handled).toEqual([expect.objectContaining({ game_session_id: "g1", action: "open" })]);

    await client.emit("game_action", { game_session_id: "g1", action: "open", user_id: "somebody-else" });
    await client.next("error");
    expect(JSON.stringify(client.payloads("error"))).not.toContain("somebody-else");
    expect(handled).toHaveLength(1);
    expect(client.process.of("exception")).toEqual([]);
  });
});
