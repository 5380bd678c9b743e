import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { checkEvent, contract, rooms } from "@gestaloka/events";
import { contract as browserContract } from "@gestaloka/events/browser";
import { createEventClient } from "@gestaloka/events/client";
import { createEventServer, serverOptions } from "@gestaloka/events/server";
import { Server } from "socket.io";
import { Socket } from "socket.io-client";
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import { npcEncounter, spUpdate } from "../bench/payloads.js";
import { lost, snapshot } from "../support/awaited-client.js";
import { closedAtEnd } from "../support/closed-at-end.js";

async function open() {
  const http = createServer();
  const io = new Server(http, serverOptions({ origins: [], allowMissingOrigin: true }));
  const server = createEventServer(io, { contract, authenticate: () => ({ userId: "u" }), authorize: () => true });
  await new Promise<void>((listening) => http.listen(0, "127.0.0.1", listening));
  onTestFinished(() => server.close({ drainMs: 0 }));
  const invalid: unknown[] = [];
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const client = closedAtEnd(
    createEventClient(url, {
      contract: browserContract,
      auth: {},
      onInvalid: (what) => invalid.push(what),
    }),
  );
  await snapshot(client, { status: "connected", mode: "announced" });
  return { io, server, client, invalid };
}

describe("a client", () => {
  it("takes no handler for a name that no event has, the one on the wire for example: it would never be called", () => {
    const client = createEventClient("http://localhost:1", { contract, auth: {}, autoConnect: false });
    for (const name of ["sp_update", "sp:updated", "connect"] as never[]) {
      const refusal = expect.objectContaining({ code: "unknown_event", message: expect.stringContaining(name) });
      expect(() => client.on(name, () => {})).toThrow(refusal);
      expect(() => client.once(name, () => {})).toThrow(refusal);
    }
    client.on("sp:update", () => {})();
    client.on("ws:resync", () => {})();
  });
});

describe("a client with a browser's contract", () => {
  it("enters rooms, reads events and sends commands to a server with the whole one", async () => {
    const { server, client } = await open();
    server.handle("game_action", async ({ action }) => {
      if (action === "rest") return {};
      throw new Error("not this");
    });
    await client.join(rooms.game("g"));
    const met = new Promise((resolve) => client.on("game:npc_encounter", resolve));
    await server.to.game("g").emit("npc_encounter", npcEncounter as never);
    expect(await met).toEqual(npcEncounter);
    expect(await client.send("game_action", { game_session_id: "g", action: "rest" })).toEqual({});
    await expect(client.send("game_action", { game_session_id: "g", action: "" })).rejects.toMatchObject({
      code: "payload_invalid",
      path: "action",
    });
  });

  it("refuses in the words of the whole contract what a server should not send", async () => {
    const { io, client, invalid } = await open();
    const broken = { ...spUpdate, balance_after: "150" };
    await lost(client, () => {
      io.emit("sp_update", broken);
      io.disconnectSockets(true);
    });
    const whole = checkEvent(contract, "sp_update", broken, { as: "reader" });
    expect(invalid).toEqual([
      {
        event: "sp_update",
        direction: "server_to_client",
        path: "balance_after",
        expected: "integer, at least 0",
        got: "string",
      },
    ]);
    expect(whole.ok || invalid).toMatchObject([
      { path: whole.ok || whole.error.path, expected: whole.ok || whole.error.expected },
    ]);
  });

  it("says that it is not the whole contract where a server's check is asked of it", () => {
    const result = checkEvent(browserContract, "sp_update", spUpdate, { as: "writer" });
    expect(result.ok || result.error.expected).toBe("the whole contract for a writer");
    expect(checkEvent(browserContract, "sp_update", spUpdate, { as: "reader" })).toEqual({ ok: true });
    expect(() => browserContract.events.get("sp_update")?.fill({}, 0)).toThrow("a server needs the whole contract");
  });
});

describe("a client whose Socket.IO hands events on in another way", () => {
  const prototype = Socket.prototype as unknown as { emitEvent?: (packet: unknown[]) => void; onevent: unknown };
  const { emitEvent, onevent } = prototype;
  afterEach(() => Object.assign(prototype, { emitEvent, onevent }));

  it("reads them as a listener of its own", async () => {
    delete prototype.emitEvent;
    prototype.onevent = function onEvent(this: Socket, { data }: { data: unknown[] }) {
      emitEvent?.call(this, data);
    };
    const { server, client } = await open();
    const met = new Promise((resolve) => client.on("sp:update", (payload, { seq }) => resolve([payload, seq])));
    await server.to.user("u").emit("sp_update", spUpdate as never);
    expect(await met).toEqual([spUpdate, 1]);
  });
});
