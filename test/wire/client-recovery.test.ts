import type { Socket } from "socket.io";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { contract } from "../fixtures/contract.js";
import { lost, record, snapshot } from "../support/awaited-client.js";
import { createClient } from "../support/harbour-client.js";
import { ScriptedServer } from "../support/scripted-server.js";

const epoch = "AAAAAAAAAAA";
const other = "BBBBBBBBBBE";
const quay = contract.rooms.quay("q");
const joined = { quay_id: "q", members: ["ada"] };
const gulls = (count: number) => ({ count });

/** A client in one room whose log stands at `seq`, and the means to say anything to it. */
async function enter(seq: number, options: object = {}) {
  const server = await ScriptedServer.start();
  const client = createClient(server.url, options);
  const heard = record(client, "gull:seen", "ws:resync", "ws:room-closed");
  const entry = client.join(quay);
  const asked = await server.next("$enter");
  expect(asked.body).toEqual({ room: quay });
  asked.answer({ ok: true, epoch, seq, recovered: false, data: joined });
  await entry;
  return { server, client, heard, socket: server.sockets[0] as Socket };
}

const say = (socket: Socket, seq: number | undefined, count: number, of = epoch) =>
  socket.emit("gull_seen", gulls(count), { epoch: of, ...(seq !== undefined && { seq }), at: 1_700_000_000_000 });
const counted = (heard: ReturnType<typeof record>) =>
  heard.payloads("gull:seen").map((payload) => (payload as { count: number }).count);

async function reconnect({ server, client, socket }: Awaited<ReturnType<typeof enter>>) {
  await lost(client, () => socket.conn.close());
  const asked = await server.next("$enter");
  return { asked, socket: asked.socket };
}

it("asks again where the answer to an entry is none, and is in the room by the next one", async () => {
  const server = await ScriptedServer.start();
  const client = createClient(server.url);
  const heard = record(client, "ws:room-closed");
  const entry = client.join(quay);
  for (const wrong of [{}, { epoch, seq: 0 }]) (await server.next("$enter")).answer({ ok: true, ...wrong });
  (await server.next("$enter")).answer({ ok: true, epoch, seq: 0, recovered: false, data: joined });
  expect(await entry).toEqual(joined);
  expect(heard.length).toBe(0);
});

describe("a numbered stream", () => {
  it("drops what was seen already, and tells handlers number, room and time", async () => {
    const { client, heard, socket } = await enter(4);
    for (const seq of [5, 5, 4, 6, 5, 7]) say(socket, seq, seq);
    await heard.atLeast(3);
    expect(counted(heard)).toEqual([5, 6, 7]);
    expect(heard[0]?.meta).toEqual({ room: quay, seq: 5, at: 1_700_000_000_000, replayed: false });
    expect(client.counts).toMatchObject({ received: 3, dropped: 3 });
  });

  it("puts what came out of order in order, without asking", async () => {
    const { server, heard, socket } = await enter(0);
    for (const seq of [2, 4, 1, 3]) say(socket, seq, seq);
    await heard.atLeast(4);
    expect(counted(heard)).toEqual([1, 2, 3, 4]);
    expect(server.asked.map(({ name }) => name)).not.toContain("$page");
  });

  it("holds a gap back for 200 ms and then fills it from the log, page by page", async () => {
    const { server, heard, socket } = await enter(0);
    const started = performance.now();
    say(socket, 1, 1);
    say(socket, 5, 5);
    const first = await server.next("$page");
    expect(performance.now() - started).toBeGreaterThan(190);
    expect(first.body).toEqual({ epoch, after: 1, limit: 3 });
    expect(counted(heard)).toEqual([1]);
    first.answer({
      events: [
        ["gull_seen", gulls(2), 1],
        ["gull_seen", gulls(3), 1],
      ],
      next: 3,
    });
    const second = await server.next("$page");
    expect(second.body).toEqual({ epoch, after: 3, limit: 1 });
    second.answer({ events: [["gull_seen", gulls(4), 1]] });
    await heard.atLeast(5);
    expect(counted(heard)).toEqual([1, 2, 3, 4, 5]);
    expect(heard.payloads("ws:resync")).toEqual([]);
  });

  it("tells of a gap that the log cannot fill, before it goes on after it", async () => {
    const { server, heard, socket } = await enter(0);
    say(socket, 3, 3);
    (await server.next("$page")).answer({ ok: false, error: { code: "log_unknown" } });
    await heard.atLeast(2);
    expect(heard.map(({ name, payload }) => [name, payload])).toEqual([
      ["ws:resync", { room: quay, reason: "log_unknown" }],
      ["gull:seen", gulls(3)],
    ]);
    say(socket, 5, 5);
    (await server.next("$page")).answer({ events: "nonsense" });
    await heard.atLeast(4);
    expect(heard[2]?.payload).toEqual({ room: quay, reason: "gap_lost" });
  });

  it("uses up the number of an event that does not check, and tells its room's views", async () => {
    const { client, heard, socket } = await enter(0);
    socket.emit("gull_seen", { count: "many" }, { epoch, seq: 1, at: 1 });
    say(socket, 2, 2);
    await heard.atLeast(2);
    expect(heard.map(({ name, payload }) => [name, payload])).toEqual([
      ["ws:resync", { room: quay, reason: "payload_invalid" }],
      ["gull:seen", gulls(2)],
    ]);
    // An event of a newer server is no loss for views that do not know it.
    socket.emit("brand_new", {}, { epoch, seq: 3, at: 1 });
    say(socket, 4, 4);
    await heard.atLeast(3);
    expect(heard.payloads("ws:resync")).toHaveLength(1);
    expect(client.counts).toMatchObject({ invalid: 1, unknown: 1 });
  });

  it("hands on what is left after a handler has thrown, and after the one who was told of that has, too", async () => {
    const { queueMicrotask } = globalThis;
    const thrown: unknown[] = [];
    onTestFinished(() => void Object.assign(globalThis, { queueMicrotask }));
    globalThis.queueMicrotask = (run) =>
      queueMicrotask(() => {
        try {
          run();
        } catch (error) {
          thrown.push((error as Error).message);
        }
      });
    const { client, heard, socket } = await enter(0, {
      onError() {
        throw new Error("onError");
      },
    });
    client.once("gull:seen", () => {
      throw new Error("handler");
    });
    for (const seq of [3, 2, 1]) say(socket, seq, seq);
    await heard.atLeast(3);
    expect(counted(heard)).toEqual([1, 2, 3]);
    expect(thrown).toEqual(["onError"]);
  });

  it("takes a pack apart, whole or not at all", async () => {
    const { client, heard, socket } = await enter(0);
    socket.emit("$pack", { epoch, seq: 1, at: 1 }, [
      ["gull_seen", gulls(1)],
      ["gull_seen", gulls(2)],
    ]);
    socket.emit("$pack", { epoch, seq: 3, at: 1 }, [
      ["gull_seen", gulls(3)],
      ["$left", { room: quay }],
    ]);
    socket.emit("$pack", { epoch, at: 1 }, [["gull_seen", gulls(10)]]);
    socket.emit("$pack", "x", 5);
    say(socket, 3, 3);
    await heard.atLeast(4);
    expect(counted(heard)).toEqual([1, 2, 10, 3]);
    expect(client.counts.invalid).toBe(2);
  });

  it("drops what comes of a room after it was left, and of one that it was never in", async () => {
    const { server, client, heard, socket } = await enter(0);
    say(socket, 1, 1);
    await heard.atLeast(1);
    const left = client.leave(quay);
    say(socket, 2, 2);
    say(socket, 1, 1, other);
    const asked = await server.next("undock");
    expect(asked.args).toEqual([{ quay_id: "q" }, { id: expect.stringMatching(/^[\w-]{20}$/) }]);
    asked.answer({ ok: true, data: {} });
    await left;
    expect(counted(heard)).toEqual([1]);
    expect(client.counts.dropped).toBe(2);
  });

  it("leaves a room when the server says so, and tells why", async () => {
    const { server, client, heard, socket } = await enter(0);
    socket.emit("$left", { room: quay, code: "revoked" });
    say(socket, 1, 1);
    await heard.atLeast(1);
    expect(heard.map(({ name, payload }) => [name, payload])).toEqual([
      ["ws:room-closed", { room: quay, code: "revoked" }],
    ]);
    await lost(client, () => socket.conn.close());
    await snapshot(client, { status: "connected" });
    expect(server.asked.map(({ name }) => name)).not.toContain("$enter");
  });
});

describe("entering again", () => {
  it("says where it stands, and hands on what it missed before what is live, marked", async () => {
    const setup = await enter(2);
    say(setup.socket, 3, 3);
    await setup.heard.atLeast(1);
    const { asked, socket } = await reconnect(setup);
    expect(asked.body).toEqual({ room: quay, cursor: { epoch, seq: 3 } });
    asked.answer({ ok: true, epoch, seq: 5, recovered: true, data: joined });
    socket.emit("$pack", { epoch, seq: 4, at: 1 }, [
      ["gull_seen", gulls(4)],
      ["gull_seen", gulls(5)],
    ]);
    say(socket, 6, 6);
    await setup.heard.atLeast(4);
    expect(counted(setup.heard)).toEqual([3, 4, 5, 6]);
    expect(setup.heard.map(({ meta }) => (meta as { replayed: boolean }).replayed)).toEqual([false, true, true, false]);
  });

  it("asks at once for a replay that is paged, and hands nothing on before it holds all of it", async () => {
    const setup = await enter(0);
    const { asked, socket } = await reconnect(setup);
    // No time passes: what is held back for a while would not be asked for.
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    asked.answer({ ok: true, epoch, seq: 3, recovered: true, paged: true, data: joined });
    while (!setup.server.asked.some(({ name }) => name === "$page")) {
      vi.advanceTimersByTime(0);
      await new Promise((resolve) => setImmediate(resolve));
    }
    vi.useRealTimers();
    const first = await setup.server.next("$page");
    expect(first.body).toEqual({ epoch, after: 0, limit: 3 });
    first.answer({
      events: [
        ["gull_seen", gulls(1), 1],
        ["gull_seen", gulls(2), 1],
      ],
      next: 2,
    });
    const second = await setup.server.next("$page");
    expect(counted(setup.heard)).toEqual([]);
    say(socket, 4, 4);
    second.answer({ events: [["gull_seen", gulls(3), 1]] });
    await setup.heard.atLeast(4);
    expect(counted(setup.heard)).toEqual([1, 2, 3, 4]);
  });

  it("waits for what comes slowly, as behind other rooms' replays, and asks for none of it twice", async () => {
    const setup = await enter(0, { headsIntervalMs: 600_000 });
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"], shouldAdvanceTime: true });
    onTestFinished(() => void vi.useRealTimers());
    const { asked } = await reconnect(setup);
    vi.advanceTimersByTime(20_000);
    asked.answer({ ok: true, epoch, seq: 1, recovered: true, paged: true, data: joined });
    const page = await setup.server.next("$page");
    vi.advanceTimersByTime(20_000);
    page.answer({ events: [["gull_seen", gulls(1), 1]] });
    await setup.heard.atLeast(1);
    expect(setup.heard.map(({ payload }) => payload)).toEqual([gulls(1)]);
    expect(setup.server.asked).toEqual([]);
  });

  it("hands nothing of a replay on that fails midway, and tells of it first", async () => {
    const setup = await enter(0);
    const { asked, socket } = await reconnect(setup);
    asked.answer({ ok: true, epoch, seq: 3, recovered: true, paged: true, data: joined });
    (await setup.server.next("$page")).answer({ events: [["gull_seen", gulls(1), 1]], next: 1 });
    say(socket, 4, 4);
    (await setup.server.next("$page")).answer({ ok: false, error: { code: "internal" } });
    await setup.heard.atLeast(2);
    expect(setup.heard.map(({ name, payload }) => [name, payload])).toEqual([
      ["ws:resync", { room: quay, reason: "replay_failed" }],
      ["gull:seen", gulls(4)],
    ]);
  });

  it("tells the reason of a room that was not recovered, and goes on at its head", async () => {
    const setup = await enter(7);
    const { asked, socket } = await reconnect(setup);
    asked.answer({ ok: true, epoch: other, seq: 2, recovered: false, reason: "epoch_changed", data: joined });
    say(socket, 3, 3, other);
    await setup.heard.atLeast(2);
    expect(setup.heard.map(({ name, payload }) => [name, payload])).toEqual([
      ["ws:resync", { room: quay, reason: "epoch_changed" }],
      ["gull:seen", gulls(3)],
    ]);
  });

  it("keeps its cursor over a connection that was lost before the answer came", async () => {
    const setup = await enter(0);
    say(setup.socket, 1, 1);
    await setup.heard.atLeast(1);
    const { socket } = await reconnect(setup);
    const again = await reconnect({ ...setup, socket });
    expect(again.asked.body).toEqual({ room: quay, cursor: { epoch, seq: 1 } });
    again.asked.answer({ ok: true, epoch, seq: 1, recovered: true, data: joined });
    say(again.socket, 2, 2);
    await setup.heard.atLeast(2);
    expect(counted(setup.heard)).toEqual([1, 2]);
  });

  it("tries again after an error that passes, and holds live events until it is in", async () => {
    const setup = await enter(0);
    const { asked, socket } = await reconnect(setup);
    asked.answer({ ok: false, error: { code: "backend_unavailable", retry_after_ms: 20 } });
    const again = await setup.server.next("$enter");
    say(socket, 1, 1);
    again.answer({ ok: true, epoch, seq: 0, recovered: true, data: joined });
    await setup.heard.atLeast(1);
    expect(counted(setup.heard)).toEqual([1]);
    expect(setup.heard.payloads("ws:room-closed")).toEqual([]);
  });

  it("tries again also where an event comes while it waits to", async () => {
    const setup = await enter(0);
    const { asked, socket } = await reconnect(setup);
    asked.answer({ ok: false, error: { code: "backend_unavailable", retry_after_ms: 100 } });
    say(socket, 1, 1);
    const again = await setup.server.next("$enter");
    again.answer({ ok: true, epoch, seq: 1, recovered: true, data: joined });
    say(socket, 1, 1);
    await setup.heard.atLeast(1);
    expect(counted(setup.heard)).toEqual([1]);
  });

  it("waits to try again though it is asked to join once more, who hears of that entry", async () => {
    const { server, client } = await enter(0);
    const one = client.join("quay_other");
    (await server.next("$enter")).answer({ ok: false, error: { code: "backend_unavailable", retry_after_ms: 300 } });
    // The answer is there before what follows it.
    const sent = client.send("whistle", { quay_id: "q", tune: "la" });
    (await server.next("whistle")).answer({ ok: true, data: {} });
    await sent;
    const two = client.join("quay_other");
    void client.leave(quay);
    (await server.next("undock")).answer({ ok: true, data: {} });
    expect(server.asked).toEqual([]);
    (await server.next("$enter")).answer({ ok: true, epoch: other, seq: 0, recovered: false, data: joined });
    expect(await two).toEqual(await one);
  });

  it("brings the cursors of the rooms that are entered with the connection, and no others, and reads their answers", async () => {
    const server = await ScriptedServer.start();
    const sailor = "sailor_ada";
    server.hello = { rooms: [{ room: sailor, epoch, seq: 4, recovered: false }] };
    const client = createClient(server.url);
    const heard = record(client, "letter:came", "ws:resync");
    await snapshot(client, { status: "connected" });
    const letter = (text: string) => ({ kind: "text", text });
    server.sockets[0]?.emit("letter_came", letter("5"), { epoch, seq: 5, at: 1 });
    await heard.atLeast(1);
    server.hello = { rooms: [{ room: sailor, epoch, seq: 6, recovered: true }] };
    server.drop();
    const socket = await server.connection();
    expect(server.auths[1]?.$events).toMatchObject({ cursors: [{ room: sailor, epoch, seq: 5 }] });
    socket.emit("letter_came", letter("6"), { epoch, seq: 6, at: 1 });
    await heard.atLeast(2);
    expect(heard.at(-1)).toMatchObject({ payload: letter("6"), meta: { room: sailor, seq: 6, replayed: true } });
    server.hello = { rooms: [{ room: sailor, epoch: other, seq: 0, recovered: false, reason: "epoch_changed" }] };
    socket.conn.close();
    await heard.atLeast(3);
    expect(heard.at(-1)?.payload).toEqual({ room: sailor, reason: "epoch_changed" });
  });

  it("is out of a room that came with the connection before, and brings no cursor of it, once another comes without", async () => {
    const server = await ScriptedServer.start();
    server.hello = { rooms: [{ room: "sailor_ada", epoch, seq: 4, recovered: false }] };
    const client = createClient(server.url);
    const heard = record(client, "letter:came");
    await snapshot(client, { status: "connected", userId: "ada" });
    server.hello = { user_id: "bob", rooms: [{ room: "sailor_bob", epoch: other, seq: 7, recovered: false }] };
    await lost(client, () => server.drop());
    await snapshot(client, { status: "connected", userId: "bob" });
    const letter = (text: string) => ({ kind: "text", text });
    server.sockets.at(-1)?.emit("letter_came", letter("ada's"), { epoch, seq: 5, at: 1 });
    server.sockets.at(-1)?.emit("letter_came", letter("bob's"), { epoch: other, seq: 8, at: 1 });
    await heard.atLeast(1);
    expect(heard.payloads("letter:came")).toEqual([letter("bob's")]);
    await lost(client, () => server.drop());
    await snapshot(client, { status: "connected" });
    expect(server.auths.at(-1)?.$events).toMatchObject({ cursors: [{ room: "sailor_bob", epoch: other, seq: 8 }] });
  });
});

describe("entering and leaving", () => {
  it("asks for nothing where it leaves a room that it is not in, or that comes with the connection", async () => {
    const server = await ScriptedServer.start();
    server.hello = { rooms: [{ room: "sailor_ada", epoch, seq: 4, recovered: false }] };
    const client = createClient(server.url);
    const heard = record(client, "letter:came");
    await snapshot(client, { status: "connected" });
    await client.leave(quay);
    await client.leave("sailor_ada" as never);
    server.sockets[0]?.emit("letter_came", { kind: "text", text: "5" }, { epoch, seq: 5, at: 1 });
    await heard.atLeast(1);
    expect(server.asked).toEqual([]);
  });

  it("goes by the last wish: an answer to an entry before it counts for nothing", async () => {
    const { server, client, heard, socket } = await enter(0);
    void client.leave(quay);
    const second = client.join(quay);
    const asked = await server.next("$enter");
    void client.leave(quay);
    const third = client.join(quay);
    const last = await server.next("$enter");
    asked.answer({ ok: false, error: { code: "forbidden" } });
    await expect(second).rejects.toMatchObject({ code: "closed" });
    last.answer({ ok: true, epoch, seq: 0, recovered: false, data: joined });
    expect(await third).toEqual(joined);
    say(socket, 1, 1);
    await heard.atLeast(1);
    expect(heard.payloads("ws:room-closed")).toEqual([]);
  });

  it("goes by the last wish also where a handler joins in the middle of leaving", async () => {
    const { server, client } = await enter(0);
    const other = contract.rooms.quay("other");
    void client.join(other);
    await server.next("$enter");
    // It waits for the room, and goes out as the room is left.
    const sent = client.send("sound", { timestamp: "2026-11-24T05:30:20Z" });
    client.once("ws:command", () => void client.join(other));
    void client.leave(other);
    const asked = await server.next("sound");
    expect((await server.next("$enter")).body).toEqual({ room: other });
    asked.answer({ ok: true, data: { server_time: "2026-11-24T05:30:20Z" } });
    await sent;
    expect(server.asked.map(({ name }) => name)).toEqual([]);
  });

  it("keeps commands back until the server has answered", async () => {
    const { server, client } = await enter(0);
    const entry = client.join("quay_other");
    const asked = await server.next("$enter");
    const sent = client.send("whistle", { quay_id: "other", tune: "la" });
    // A frame that is written after it shows that it was not.
    void client.leave(quay);
    (await server.next("undock")).answer({ ok: true, data: {} });
    expect(server.asked).toEqual([]);
    asked.answer({ ok: true, epoch: other, seq: 0, recovered: false, data: joined });
    await entry;
    (await server.next("whistle")).answer({ ok: true, data: {} });
    expect(await sent).toEqual({});
  });

  it("gives join the data of the present connection, not of one before", async () => {
    const setup = await enter(0);
    const { asked } = await reconnect(setup);
    const again = setup.client.join(quay);
    asked.answer({ ok: true, epoch, seq: 0, recovered: true, data: { ...joined, members: ["ada", "bob"] } });
    expect(await again).toEqual({ ...joined, members: ["ada", "bob"] });
    expect(await setup.client.join(quay)).toEqual(await again);
  });

  it("brings no cursor from before a plain server: what happened there is in no log", async () => {
    const setup = await enter(3, { helloTimeoutMs: 50 });
    setup.server.hello = undefined;
    await lost(setup.client, () => setup.socket.conn.close());
    const asked = await setup.server.next("dock");
    expect(asked.args).toEqual([{ quay_id: "q" }]);
    asked.answer(undefined);
    await setup.heard.atLeast(1);
    expect(setup.heard[0]?.payload).toEqual({ room: quay, reason: "plain" });
    setup.server.hello = {};
    const next = await reconnect({ ...setup, socket: asked.socket });
    expect(next.asked.body).toEqual({ room: quay });
    next.asked.answer({ ok: true, epoch, seq: 6, recovered: false, data: joined });
    await setup.heard.atLeast(2);
    expect(setup.heard[1]?.payload).toEqual({ room: quay, reason: "plain" });
  });

  it("tells the views of a room that only a plain server let it into so far", async () => {
    const server = await ScriptedServer.start();
    server.hello = undefined;
    const client = createClient(server.url, { helloTimeoutMs: 50 });
    const heard = record(client, "gull:seen", "ws:resync");
    const entry = client.join(quay);
    const asked = await server.next("dock");
    asked.answer(undefined);
    await entry;
    server.hello = {};
    asked.socket.conn.close();
    const again = await server.next("$enter");
    expect(again.body).toEqual({ room: quay });
    again.answer({ ok: true, epoch, seq: 6, recovered: false, data: joined });
    say(again.socket, 7, 7);
    await heard.atLeast(2);
    expect(heard.map(({ payload }) => payload)).toEqual([{ room: quay, reason: "plain" }, gulls(7)]);
  });

  it("enters a room once that a handler joins as it is told of another", async () => {
    const server = await ScriptedServer.start();
    server.hello = undefined;
    const client = createClient(server.url, { userId: "ada", helloTimeoutMs: 10 });
    await snapshot(client, { status: "connected", mode: "plain" });
    client.once("ws:resync", () => {
      void client.join(quay);
      void client.send("sound", { timestamp: "2026-11-24T05:30:20Z" });
    });
    server.drop();
    (await server.next("dock")).answer(undefined);
    // What waits for the room comes after all that is written to enter it.
    await server.next("sound");
    expect(server.asked.map(({ name }) => name)).toEqual([]);
  });

  it("closes in the middle of what arrived: nothing is handed on after that", async () => {
    const { client, heard, socket } = await enter(0);
    client.on("gull:seen", () => client.close());
    for (const seq of [1, 2, 3]) say(socket, seq, seq);
    socket.emit("$pack", { epoch, seq: 4, at: 1 }, [
      ["gull_seen", gulls(4)],
      ["gull_seen", gulls(5)],
    ]);
    await heard.atLeast(1);
    await expect.poll(() => socket.connected).toBe(false);
    expect(counted(heard)).toEqual([1]);
    expect(client.connection.getSnapshot().status).toBe("idle");
  });

  it("closes in the middle of what became due together: the rest comes with the next connection", async () => {
    const { client, heard, server, socket } = await enter(0);
    client.once("gull:seen", () => client.close());
    for (const seq of [3, 2, 1]) say(socket, seq, seq);
    await expect.poll(() => socket.connected).toBe(false);
    expect(counted(heard)).toEqual([1]);
    client.connect();
    const asked = await server.next("$enter");
    expect(asked.body).toEqual({ room: quay, cursor: { epoch, seq: 1 } });
    asked.answer({ ok: true, epoch, seq: 3, recovered: true, data: joined });
    for (const seq of [2, 3]) say(asked.socket, seq, seq);
    await heard.atLeast(3);
    expect(counted(heard)).toEqual([1, 2, 3]);
    // What comes again was not dropped.
    expect(client.counts).toMatchObject({ received: 3, dropped: 0 });
    expect(heard.payloads("ws:resync")).toEqual([]);
  });

  it("leaves in the middle of what became due together: nothing of the room is handed on after that", async () => {
    const { client, heard, socket } = await enter(0);
    client.on("gull:seen", () => void client.leave(quay));
    for (const seq of [3, 2, 1]) say(socket, seq, seq);
    await expect.poll(() => client.counts.dropped).toBe(2);
    expect(counted(heard)).toEqual([1]);
  });

  it("closes as it is told of a payload that does not check: its room's views hear of it with the next connection", async () => {
    const closing = { client: undefined as { close(): void } | undefined };
    const setup = await enter(0, { onInvalid: () => closing.client?.close() });
    closing.client = setup.client;
    const { client, heard, server, socket } = setup;
    await lost(client, () => socket.emit("gull_seen", { count: "many" }, { epoch, seq: 1, at: 1 }));
    expect(heard).toHaveLength(0);
    closing.client = undefined;
    client.connect();
    const asked = await server.next("$enter");
    expect(asked.body).toEqual({ room: quay, cursor: { epoch, seq: 0 } });
    asked.answer({ ok: true, epoch, seq: 1, recovered: true, data: joined });
    asked.socket.emit("gull_seen", { count: "many" }, { epoch, seq: 1, at: 1 });
    await heard.atLeast(1);
    expect(heard[0]?.payload).toEqual({ room: quay, reason: "payload_invalid" });
  });

  it("closes as it is told of an answer that does not check: nothing is handed on after that", async () => {
    const server = await ScriptedServer.start();
    const client = createClient(server.url, { onInvalid: () => client.close() });
    const heard = record(client, "gull:seen", "ws:resync", "ws:disconnected");
    const entry = client.join(quay);
    const asked = await server.next("$enter");
    // Held until the room is entered, and then handed on before anybody is told of the answer.
    say(asked.socket, 1, 1);
    asked.answer({ ok: true, epoch, seq: 0, recovered: false, data: { members: "all" } });
    await expect(entry).rejects.toMatchObject({ code: "payload_invalid" });
    expect(heard.map(({ name }) => name)).toEqual(["gull:seen", "ws:disconnected"]);
  });

  it("closes in the middle of a pack: nothing is handed on after that", async () => {
    const { client, heard, socket } = await enter(0);
    client.on("gull:seen", () => client.close());
    socket.emit("$pack", { epoch, seq: 1, at: 1 }, [
      ["gull_seen", gulls(1)],
      ["gull_seen", gulls(2)],
    ]);
    await heard.atLeast(1);
    await expect.poll(() => socket.connected).toBe(false);
    expect(counted(heard)).toEqual([1]);
  });
});

describe("the comparison of heads", () => {
  it("finds a last event that got lost, and a log that became another", async () => {
    const { server, heard, socket } = await enter(3, { headsIntervalMs: 100 });
    const first = await server.next("$heads");
    expect(first.body).toEqual({ cursors: [{ room: quay, epoch, seq: 3 }], stats: {} });
    first.answer({ heads: [{ room: quay, epoch, seq: 4 }] });
    const page = await server.next("$page");
    expect(page.body).toEqual({ epoch, after: 3, limit: 1 });
    page.answer({ events: [["gull_seen", gulls(4), 1]] });
    await heard.atLeast(1);
    (await server.next("$heads")).answer({
      heads: [{ room: quay, epoch: other, seq: 0 }, "x", { room: "sailor_x", epoch, seq: 1 }],
    });
    const again = await server.next("$enter");
    expect(again.body).toEqual({ room: quay, cursor: { epoch, seq: 4 } });
    again.answer({ ok: true, epoch: other, seq: 1, recovered: false, reason: "epoch_changed", data: joined });
    say(socket, 2, 2, other);
    await heard.atLeast(3);
    expect(heard.map(({ name }) => name)).toEqual(["gull:seen", "ws:resync", "gull:seen"]);
  });

  it("is asked soon for a log that nobody knows, also where the machine slept meanwhile, and its timers did with it", async () => {
    const { server, socket } = await enter(3, { headsIntervalMs: 25_000 });
    const { now } = Date;
    onTestFinished(() => {
      Date.now = now;
    });
    // Socket.IO would take a line for dead that was silent for longer than 45 s.
    Date.now = () => now() + 40_000;
    say(socket, 1, 1, other);
    expect((await server.next("$heads")).body).toMatchObject({ cursors: [{ room: quay, epoch, seq: 3 }] });
  });

  it("passes over what is no head, and a room whose name is an object that is no text either, as $left does", async () => {
    const { server, heard, socket } = await enter(0, { headsIntervalMs: 100 });
    const room = { toString: 1 };
    (await server.next("$heads")).answer({
      heads: [null, { room, epoch, seq: 1 }, { room: quay, epoch, seq: 1 }],
    });
    expect((await server.next("$page")).body).toEqual({ epoch, after: 0, limit: 1 });
    socket.emit("$left", { room, code: "revoked" });
    say(socket, 1, 1);
    await heard.atLeast(1);
    expect(heard.map(({ name }) => name)).toEqual(["gull:seen"]);
  });

  it("leaves no rejection behind where the room is entered again with data that does not check", async () => {
    const unheard: unknown[] = [];
    const caught = (error: unknown) => unheard.push(error);
    process.on("unhandledRejection", caught);
    onTestFinished(() => void process.off("unhandledRejection", caught));
    const { server, heard, socket } = await enter(3, { headsIntervalMs: 100 });
    (await server.next("$heads")).answer({ heads: [{ room: quay, epoch: other, seq: 0 }] });
    (await server.next("$enter")).answer({
      ok: true,
      epoch: other,
      seq: 0,
      recovered: false,
      data: { members: "all" },
    });
    say(socket, 1, 1, other);
    await heard.atLeast(2);
    expect(heard.map(({ name }) => name)).toEqual(["ws:resync", "gull:seen"]);
    expect(unheard).toEqual([]);
  });

  it("is asked every 30 s give or take half, and carries what the application's report takes", async () => {
    const taken: unknown[] = [];
    const report = () => ({
      handled: () => {},
      resynced: () => {},
      received: (name: string) => taken.push(name),
      answered: (ms: number, answer: unknown) => taken.push([ms >= 0, answer]),
      take: () => ({ received: 1 }),
    });
    const { server, heard, socket } = await enter(0, { headsIntervalMs: 100, report });
    say(socket, 1, 1);
    await heard.atLeast(1);
    const asked = await server.next("$heads");
    expect(asked.body).toMatchObject({ stats: { received: 1 } });
    asked.answer({ heads: [] });
    await expect.poll(() => taken).toEqual(["gull_seen", [true, { heads: [] }]]);
  });

  it("hands on, tells and compares what there is though the application's report throws, and tells of that", async () => {
    const throwing = () => {
      throw new Error("no report");
    };
    const report = () => ({
      handled: throwing,
      resynced: throwing,
      received: throwing,
      answered: throwing,
      take: throwing,
    });
    const failed: unknown[] = [];
    const onError = (_: unknown, { code }: { readonly code: string }) => failed.push(code);
    const { server, heard, socket } = await enter(0, { headsIntervalMs: 100, report, onError });
    say(socket, 1, 1);
    const asked = await server.next("$heads");
    expect(asked.body).toMatchObject({ stats: {} });
    asked.answer({ heads: [{ room: quay, epoch: other, seq: 0 }] });
    (await server.next("$enter")).answer({ ok: true, epoch: other, seq: 0, recovered: false });
    await heard.atLeast(2);
    expect(heard.map(({ name }) => name)).toEqual(["gull:seen", "ws:resync"]);
    expect(failed).toEqual(["internal", "internal", "internal", "internal", "internal"]);
  });

  it("opens another connection where the log of a room became another that only a connection enters", async () => {
    const server = await ScriptedServer.start();
    server.hello = { rooms: [{ room: "sailor_ada", epoch, seq: 4, recovered: false }] };
    const client = createClient(server.url, { headsIntervalMs: 100 });
    const asked = await server.next("$heads");
    expect(await lost(client, () => asked.answer({ heads: [{ room: "sailor_ada", epoch: other, seq: 0 }] }))).toEqual({
      reason: "epoch_changed",
    });
    await snapshot(client, { status: "connected" });
  });
});
