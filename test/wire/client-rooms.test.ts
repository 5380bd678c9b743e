import { CommandRefusal } from "@gestaloka/events";
import { deliveryReport } from "@gestaloka/events/client";
import { describe, expect, it } from "vitest";
import { contract } from "../fixtures/contract.js";
import { connected, lost, record, snapshot } from "../support/awaited-client.js";
import { createClient, openBehindProxy } from "../support/harbour-client.js";
import { cratesOf, load, upTo } from "../support/ship-loads.js";

const quay = contract.rooms.quay("q");

describe("a client of this library's server", () => {
  it("is announced, hears its user's events from the start, and joins with the data of the acknowledgement", async () => {
    const { server, proxy } = await openBehindProxy();
    const client = createClient(proxy.url);
    const heard = record(client, "letter:came", "harbour:docked", "ship:loaded");
    await snapshot(client, { status: "connected", mode: "announced", userId: "ada", transport: "websocket" });
    await server.to.sailor("ada").emit("letter_came", { kind: "text", text: "hello" });
    await heard.atLeast(1);
    expect(heard[0]?.meta).toEqual({ room: "sailor_ada", seq: 1, at: expect.any(Number), replayed: false });
    expect(await client.join(quay)).toEqual({ quay_id: "q", members: ["ada"] });
    await heard.atLeast(2);
    expect(heard[1]).toMatchObject({
      name: "harbour:docked",
      meta: { room: undefined, seq: undefined, replayed: false },
    });
    await server.to.quay("q").emit("ship_loaded", load(1));
    await heard.atLeast(3);
    expect(heard[2]).toMatchObject({ name: "ship:loaded", meta: { room: "quay_q", seq: 1, replayed: false } });
  });

  it("hands on the events of one tick, packed, in their order and each with its number", async () => {
    const { server, proxy } = await openBehindProxy();
    const client = createClient(proxy.url);
    const heard = record(client, "ship:loaded", "sailor:came");
    await client.join(quay);
    for (let i = 1; i <= 20; i++) void server.to.quay("q").emit("ship_loaded", load(i));
    await heard.atLeast(20);
    expect(cratesOf(heard.payloads("ship:loaded"))).toEqual(upTo(20));
    expect(heard.map(({ meta }) => (meta as { seq: number }).seq)).toEqual(upTo(20));
  });

  it("misses nothing over a lost link: what was emitted meanwhile comes first, marked as replayed", async () => {
    const { server, proxy } = await openBehindProxy();
    const client = createClient(proxy.url);
    const heard = record(client, "ship:loaded", "letter:came", "ws:resync");
    await client.join(quay);
    await server.to.quay("q").emit("ship_loaded", load(1));
    await heard.atLeast(1);
    await lost(client, () => proxy.cut());
    await server.to.quay("q").emit("ship_loaded", load(2));
    await server.to.quay("q").emit("ship_loaded", load(3));
    await server.to.sailor("ada").emit("letter_came", { kind: "text", text: "while you were away" });
    await snapshot(client, { status: "connected" });
    await heard.atLeast(4);
    await server.to.quay("q").emit("ship_loaded", load(4));
    await heard.atLeast(5);
    expect(cratesOf(heard.payloads("ship:loaded"))).toEqual([1, 2, 3, 4]);
    const replayed = heard
      .filter(({ name }) => name === "ship:loaded")
      .map(({ meta }) => (meta as { replayed: boolean }).replayed);
    expect(replayed).toEqual([false, true, true, false]);
    expect(heard.payloads("letter:came")).toHaveLength(1);
    expect(heard.payloads("ws:resync")).toEqual([]);
  });

  it("misses nothing and hears nothing twice over 60 cuts while events are emitted", async () => {
    const { server, proxy } = await openBehindProxy();
    const client = createClient(proxy.url);
    const heard = record(client, "ship:loaded", "ws:resync");
    await client.join(quay);
    let emitted = 0;
    const emit = async () => {
      void server.to.quay("q").emit("ship_loaded", load(++emitted));
      if (emitted % 3 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    };
    for (let cut = 0; cut < 60; cut++) {
      for (let i = 0; i < 10; i++) {
        await emit();
        if (i === cut % 7) {
          if (cut % 2) proxy.cut();
          else proxy.reset();
        }
      }
      // Some cuts meet a connection, some its handshake, some the entry into its rooms.
      if (cut % 3) await connected(client);
      else client.connect();
    }
    await connected(client);
    await heard.atLeast(emitted);
    expect(heard.payloads("ws:resync")).toEqual([]);
    expect(cratesOf(heard.payloads("ship:loaded"))).toEqual(upTo(emitted));
  });

  it("stays in a room until it leaves it, however often the connection is lost", async () => {
    const { server, proxy } = await openBehindProxy({ presenceGraceMs: 50 });
    const client = createClient(proxy.url);
    const heard = record(client, "ship:loaded", "harbour:cast_off");
    await client.join(quay);
    for (let i = 0; i < 3; i++) {
      await lost(client, () => proxy.cut());
      await snapshot(client, { status: "connected" });
      await server.to.quay("q").emit("ship_loaded", load(i));
      await heard.atLeast(i + 1);
    }
    await client.leave(quay);
    expect(heard.at(-1)?.name).toBe("harbour:cast_off");
    expect(await server.members(quay)).toEqual([]);
    await server.to.quay("q").emit("ship_loaded", load(9));
    await lost(client, () => proxy.cut());
    await snapshot(client, { status: "connected" });
    await client.send("sound", { timestamp: "2026-11-24T05:30:20Z" });
    expect(heard.payloads("ship:loaded")).toHaveLength(3);
    // And joins again, from the head on.
    await client.join(quay);
    await server.to.quay("q").emit("ship_loaded", load(10));
    await heard.atLeast(5);
    expect(cratesOf(heard.payloads("ship:loaded")).at(-1)).toBe(10);
  });

  it("is answered where it closes before it is in a room, and enters it with the next connection all the same", async () => {
    const { proxy } = await openBehindProxy();
    const client = createClient(proxy.url, { autoConnect: false });
    const joined = client.join(quay);
    client.close();
    await expect(joined).rejects.toMatchObject({ code: "closed" });
    client.connect();
    expect(await client.join(quay)).toEqual({ quay_id: "q", members: ["ada"] });
  });

  it("is told when a room is closed to it, and does not enter it again", async () => {
    let allowed = true;
    let asked = 0;
    const { server, proxy } = await openBehindProxy({
      authorize: () => {
        asked++;
        return allowed;
      },
    });
    const client = createClient(proxy.url);
    const heard = record(client, "ship:loaded", "ws:room-closed");
    await client.join(quay);
    allowed = false;
    await server.revoke("ada", quay);
    await heard.atLeast(1);
    expect(heard[0]?.payload).toEqual({ room: quay, code: "revoked" });
    await expect(client.join(quay)).rejects.toMatchObject({ code: "forbidden" });
    expect(heard.payloads("ws:room-closed")).toEqual([
      { room: quay, code: "revoked" },
      { room: quay, code: "forbidden" },
    ]);
    const before = asked;
    await lost(client, () => proxy.cut());
    await snapshot(client, { status: "connected" });
    await client.send("sound", { timestamp: "2026-11-24T05:30:20Z" });
    expect(asked).toBe(before);
    expect(heard.payloads("ship:loaded")).toEqual([]);
  });

  it("loses a room that was revoked while it was away", async () => {
    let allowed = true;
    const { server, proxy } = await openBehindProxy({ authorize: () => allowed });
    const client = createClient(proxy.url);
    const heard = record(client, "ship:loaded", "ws:room-closed");
    await client.join(quay);
    await lost(client, () => proxy.cut());
    allowed = false;
    await server.revoke("ada", quay);
    await server.to.quay("q").emit("ship_loaded", load(1));
    await heard.atLeast(1);
    expect(heard.map(({ name, payload }) => [name, payload])).toEqual([
      ["ws:room-closed", { room: quay, code: "forbidden" }],
    ]);
  });

  it("sends a command and gets its data, or its refusal, and knows its own rooms' members", async () => {
    const { server, proxy } = await openBehindProxy();
    server.handle("load_ship", ({ crates: count }, { userId, commandId }) => {
      expect(userId).toBe("ada");
      expect(commandId).toMatch(/^[\w-]{20}$/);
      if (count > 50) throw new CommandRefusal("ship_full", { retryAfterMs: 5 });
      return { on_board: count };
    });
    const client = createClient(proxy.url);
    const states = record(client, "ws:command");
    await client.join(quay);
    expect(await client.send("load_ship", { quay_id: "q", ship_id: "s", crates: 3 })).toEqual({ on_board: 3 });
    await expect(client.send("load_ship", { quay_id: "q", ship_id: "s", crates: 60 })).rejects.toMatchObject({
      code: "ship_full",
      command: "load_ship",
      retryAfterMs: 5,
    });
    expect(states.payloads("ws:command")).toMatchObject([
      { state: "queued", name: "load_ship" },
      { state: "sent" },
      { state: "applied" },
      { state: "queued" },
      { state: "sent" },
      { state: "refused", code: "ship_full" },
    ]);
    expect(await client.join(quay)).toEqual({ quay_id: "q", members: ["ada"] });
  });

  it("sends what needs a room after the room is entered, also where nobody waits for join", async () => {
    const { server, proxy } = await openBehindProxy({
      authorize: async () => {
        await new Promise((resolve) => setTimeout(resolve, 30));
        return true;
      },
    });
    const order: string[] = [];
    server.handle("whistle", async ({ tune }, { userId }) => {
      order.push(tune);
      expect(await server.members(quay)).toContain(userId);
    });
    const client = createClient(proxy.url);
    await snapshot(client, { status: "connected" });
    void client.join(quay);
    await Promise.all(["a", "b", "c"].map((tune) => client.send("whistle", { quay_id: "q", tune })));
    expect(order).toEqual(["a", "b", "c"]);
  });

  it("enters one room after the other where it may not enter all of them at once, and is not put out for asking", async () => {
    const { url } = await openBehindProxy({ limits: { commandBurst: 40 } });
    const client = createClient(url);
    const heard = record(client, "ws:disconnected");
    await snapshot(client, { status: "connected" });
    await Promise.all(Array.from({ length: 250 }, (_, number) => client.join(contract.rooms.quay(`q${number}`))));
    expect(heard.map(({ payload }) => payload)).toEqual([]);
  });

  it("stays connected in hundreds of rooms with long names while it asks where they stand", async () => {
    const { proxy } = await openBehindProxy();
    let answered = (_: unknown): void => {};
    const report = () => ({
      ...deliveryReport(() => 0),
      answered: (_: number, { heads }: { readonly heads: readonly unknown[] }) => answered(heads),
    });
    const client = createClient(proxy.url, { headsIntervalMs: 100, report });
    const heard = record(client, "ws:disconnected");
    const names = Array.from({ length: 400 }, (_, i) => contract.rooms.quay(`${i}`.padStart(128, "q")));
    await Promise.all(names.map((name) => client.join(name)));
    const heads = await new Promise((resolve) => {
      answered = resolve;
    });
    expect(heads).toHaveLength(401);
    expect(heard).toHaveLength(0);
  });

  it("is one of several connections of a user, and two clients of one page do not evict each other", async () => {
    const { server, proxy } = await openBehindProxy();
    const first = createClient(proxy.url);
    const second = createClient(proxy.url);
    const one = record(first, "letter:came");
    const two = record(second, "letter:came");
    await snapshot(first, { status: "connected" });
    await snapshot(second, { status: "connected" });
    await server.to.sailor("ada").emit("letter_came", { kind: "text", text: "x" });
    await one.atLeast(1);
    await two.atLeast(1);
  });

  it("is refused without a credential, and stays away when its user is disconnected", async () => {
    const { server, proxy } = await openBehindProxy();
    const stranger = createClient(proxy.url, { auth: {} });
    await snapshot(stranger, { status: "refused", reason: "unauthenticated" });
    const client = createClient(proxy.url);
    await snapshot(client, { status: "connected" });
    await server.disconnectUser("ada");
    await snapshot(client, { status: "refused", reason: "revoked" });
  });

  it("goes over a graceful close to the next server", async () => {
    const { server, proxy } = await openBehindProxy();
    const client = createClient(proxy.url);
    await snapshot(client, { status: "connected" });
    expect(await lost(client, () => server.close())).toEqual({ reason: "server_closing" });
    const next = await openBehindProxy();
    proxy.targetPort = Number(new URL(next.url).port);
    await connected(client);
  });

  it("calls every handler although one throws, and tells of the error", async () => {
    const { server, proxy } = await openBehindProxy();
    const errors: unknown[] = [];
    const client = createClient(proxy.url, {
      onError: (error: Error, context: object) => errors.push([error.message, context]),
    });
    client.on("letter:came", () => {
      throw new Error("handler");
    });
    const heard = record(client, "letter:came", "ws:error");
    await snapshot(client, { status: "connected" });
    await server.to.sailor("ada").emit("letter_came", { kind: "text", text: "x" });
    await heard.atLeast(2);
    expect(heard.map(({ name }) => name)).toEqual(["ws:error", "letter:came"]);
    expect(heard[0]?.payload).toMatchObject({ code: "internal", event: "letter:came", error: { message: "handler" } });
    expect(errors).toEqual([["handler", { code: "internal", event: "letter:came" }]]);
  });
});
