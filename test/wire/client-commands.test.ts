import {
  CommandError,
  createEventClient,
  createStorage,
  indexedDbStore,
  type KeyedStore,
  localStorageStore,
  type TabLocks,
} from "@gestaloka/events/client";
import { memoryBackend } from "@gestaloka/events/server";
import { Socket } from "socket.io-client";
import { afterEach, describe, expect, it } from "vitest";
import { contract } from "../fixtures/contract.js";
import { connected, nextLocal, record, snapshot } from "../support/awaited-client.js";
import { startFaultProxy } from "../support/fault-proxy.js";
import { type Harbour, openHarbour } from "../support/harbour-server.js";
import { ScriptedServer } from "../support/scripted-server.js";
import { createLocks } from "../support/tab-locks.js";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function createClient(url: string, options: object = {}) {
  const client = createEventClient(url, { contract, auth: { token: "ada" }, ...options });
  closers.push(() => client.close());
  return client;
}

async function startScripted(...options: Parameters<typeof ScriptedServer.start>) {
  const server = await ScriptedServer.start(...options);
  closers.push(() => server.close());
  return server;
}

async function openReal() {
  const harbour = await openHarbour({}, { pingInterval: 500, pingTimeout: 500 });
  closers.push(() => harbour.close());
  const proxy = await startFaultProxy(Number(new URL(harbour.url).port));
  closers.push(() => proxy.close());
  return { ...harbour, proxy };
}

const load = (crates: number) => ({ quay_id: "q", ship_id: "s", crates });
const entered = { ok: true, epoch: "AAAAAAAAAAA", seq: 0, recovered: false, data: { quay_id: "q", members: [] } };
const sounding = { timestamp: "2026-11-24T05:30:20Z" };
const states = (heard: ReturnType<typeof record>) =>
  heard.payloads("ws:command").map((event) => {
    const { name, state, code } = event as { name: string; state: string; code?: string };
    return [name, state, ...(code ? [code] : [])];
  });

async function drop(client: ReturnType<typeof createClient>, server: ScriptedServer) {
  const gone = nextLocal(client, "ws:disconnected");
  server.sockets.at(-1)?.conn.close();
  await gone;
}

/** Puts something in a global's place until the test is over. */
function replaceGlobal(name: "localStorage" | "indexedDB" | "navigator", descriptor: PropertyDescriptor): void {
  const own = Object.getOwnPropertyDescriptor(globalThis, name);
  closers.push(() => {
    if (own) Object.defineProperty(globalThis, name, own);
    else Reflect.deleteProperty(globalThis, name);
  });
  Object.defineProperty(globalThis, name, { configurable: true, ...descriptor });
}

describe("a command to an announced server", () => {
  it("is written again under the same id until it is answered, and resolves with that answer", async () => {
    const server = await startScripted();
    const client = createClient(server.url);
    const heard = record(client, "ws:command");
    await snapshot(client, { status: "connected" });
    const sent = client.send("load_ship", load(1));
    const first = await server.next("load_ship");
    await drop(client, server);
    const second = await server.next("load_ship");
    await drop(client, server);
    const third = await server.next("load_ship");
    expect(first.args).toEqual([load(1), { id: expect.stringMatching(/^[\w-]{20}$/) }]);
    expect([second.args, third.args]).toEqual([first.args, first.args]);
    // An answer that comes over a connection that is gone is not heard.
    first.answer({ ok: true, data: { on_board: 0 } });
    third.answer({ ok: true, data: { on_board: 1 } });
    expect(await sent).toEqual({ on_board: 1 });
    expect(states(heard).map(([, state]) => state)).toEqual(["queued", "sent", "sent", "sent", "applied"]);
  });

  it("is called once by a real server, however often the link is cut", async () => {
    const { server, proxy } = await openReal();
    const applied: number[] = [];
    server.handle("load_ship", async ({ crates }) => {
      applied.push(crates);
      await new Promise((resolve) => setTimeout(resolve, crates % 7));
      return { on_board: crates };
    });
    const client = createClient(proxy.url);
    await client.join(contract.rooms.quay("q"));
    const answers: Promise<unknown>[] = [];
    for (let i = 1; i <= 80; i++) {
      answers.push(client.send("load_ship", load(i)));
      if (i % 4 === 0) {
        await new Promise((resolve) => setTimeout(resolve, i % 5));
        if (i % 8 === 0) proxy.cut();
        else proxy.reset();
        await connected(client);
      }
    }
    await connected(client);
    expect(await Promise.all(answers)).toEqual(answers.map((_, i) => ({ on_board: i + 1 })));
    expect(applied).toEqual(answers.map((_, i) => i + 1));
  });

  it.each([
    [
      "an event of the contract",
      ({ server }: Harbour, id: string) => server.to.socket(id).emit("docked", { quay_id: "q" }),
    ],
    ["an event of its own, by Socket.IO's means", ({ io }: Harbour) => io.emit("news", 1)],
  ])("is answered on the next connection though the application emits %s as each opens", async (_, tell) => {
    const harbour = await openHarbour();
    closers.push(() => harbour.close());
    const { io, server } = harbour;
    io.on("connection", ({ id }) => void tell(harbour, id));
    let runs = 0;
    server.handle("load_ship", () => {
      for (const { conn } of io.sockets.sockets.values()) conn.close();
      return { on_board: ++runs };
    });
    const client = createClient(harbour.url);
    const heard = record(client);
    client.connect();
    expect(await client.send("load_ship", load(1))).toEqual({ on_board: 1 });
    expect([runs, heard.payloads("ws:resync")]).toEqual([1, []]);
  });

  it("waits while offline and goes out in order once connected", async () => {
    const { server, proxy } = await openReal();
    const applied: number[] = [];
    server.handle("load_ship", ({ crates }) => {
      applied.push(crates);
      return { on_board: crates };
    });
    const client = createClient(proxy.url);
    await client.join(contract.rooms.quay("q"));
    const gone = nextLocal(client, "ws:disconnected");
    proxy.set({ accept: "reset" });
    proxy.cut();
    await gone;
    const answers = [1, 2, 3, 4, 5].map((i) => client.send("load_ship", load(i)));
    await new Promise((resolve) => setTimeout(resolve, 300));
    proxy.clear();
    await connected(client);
    await Promise.all(answers);
    expect(applied).toEqual([1, 2, 3, 4, 5]);
  });

  it("waits, too, where a server tells it something that then cannot welcome it", async () => {
    const backend = memoryBackend();
    const evict = backend.evict.bind(backend);
    const harbour = await openHarbour({ backend });
    closers.push(() => harbour.close());
    harbour.io.on("connection", ({ id }) => void harbour.server.to.socket(id).emit("refused", { message: "busy" }));
    harbour.server.handle("load_ship", ({ crates }) => ({ on_board: crates }));
    const client = createClient(harbour.url);
    const told = record(client, "harbour:refused", "ws:connected");
    await client.join(contract.rooms.quay("q"));
    backend.evict = () => Promise.reject(new Error("away"));
    harbour.io.disconnectSockets(true);
    await nextLocal(client, "ws:disconnected");
    const answer = client.send("load_ship", load(3));
    expect(await nextLocal(client, "ws:disconnected")).toEqual({ reason: "backend_unavailable" });
    backend.evict = evict;
    expect(await answer).toEqual({ on_board: 3 });
    const busy = "harbour:refused";
    expect(told.map(({ name }) => name)).toEqual(["ws:connected", busy, busy, "ws:connected", busy]);
  });

  it("goes out in order, too, where a handler sends while others go out", async () => {
    const server = await startScripted();
    const client = createClient(server.url, { autoConnect: false });
    const send = (crates: number) => void client.send("load_ship", load(crates)).catch(() => {});
    const written = async (count: number) => {
      const all: unknown[] = [];
      while (all.length < count) all.push(((await server.next("load_ship")).body as { crates: number }).crates);
      return all;
    };
    const sendAt = (moment: string, crates: number) => {
      const off = client.on("ws:command", ({ state }) => {
        if (state !== moment) return;
        off();
        send(crates);
      });
    };
    send(1);
    send(2);
    sendAt("sent", 3);
    client.connect();
    expect(await written(3)).toEqual([1, 2, 3]);
    sendAt("queued", 5);
    send(4);
    expect(await written(2)).toEqual([4, 5]);
  });

  it("goes out no more where a handler closes while others go out", async () => {
    const server = await startScripted();
    const client = createClient(server.url, { autoConnect: false });
    const outcomes = [1, 2].map((crates) => client.send("load_ship", load(crates)).catch(({ code }) => code));
    const heard = record(client, "ws:command");
    client.on("ws:command", ({ state }) => state === "sent" && client.close());
    client.connect();
    expect(await Promise.all(outcomes)).toEqual(["closed", "closed"]);
    expect(states(heard).map(([, state]) => state)).toEqual(["sent", "refused", "refused"]);
  });

  it("expires when no answer came in time, online and offline, and is not written again", async () => {
    const server = await startScripted();
    const client = createClient(server.url);
    const heard = record(client, "ws:command");
    await snapshot(client, { status: "connected" });
    await expect(client.send("load_ship", load(1), { ttlMs: 100 })).rejects.toMatchObject({ code: "expired" });
    expect(await server.next("load_ship")).toBeDefined();
    server.hello = undefined;
    client.close();
    await expect(client.send("load_ship", load(2), { ttlMs: 50 })).rejects.toMatchObject({ code: "expired" });
    server.hello = {};
    client.connect();
    await snapshot(client, { status: "connected" });
    void client.send("sound", sounding).catch(() => {});
    await server.next("sound");
    expect(server.asked).toEqual([]);
    expect(states(heard).slice(0, 5)).toEqual([
      ["load_ship", "queued"],
      ["load_ship", "sent"],
      ["load_ship", "expired", "expired"],
      ["load_ship", "queued"],
      ["load_ship", "expired", "expired"],
    ]);
  });

  it("expires in time where it waits for a room, and does not go out then", async () => {
    const server = await startScripted();
    const client = createClient(server.url);
    void client.join(contract.rooms.quay("q"));
    const entry = await server.next("$enter");
    const late = client.send("load_ship", load(1), { ttlMs: 50 });
    const patient = client.send("load_ship", load(2));
    await expect(late).rejects.toMatchObject({ code: "expired" });
    entry.answer(entered);
    const asked = await server.next("load_ship");
    expect(asked.body).toEqual(load(2));
    asked.answer({ ok: true, data: { on_board: 2 } });
    await patient;
  });

  it("does not go out either where the page slept meanwhile, and its timer did with it", async () => {
    const server = await startScripted();
    const client = createClient(server.url);
    await snapshot(client, { status: "connected" });
    client.join(contract.rooms.quay("q")).catch(() => {});
    const entry = await server.next("$enter");
    const sent = client.send("load_ship", load(1), { ttlMs: 10_000 });
    const { now } = Date;
    closers.push(() => {
      Date.now = now;
    });
    Date.now = () => now() + 30_000;
    entry.answer(entered);
    await expect(sent).rejects.toMatchObject({ code: "expired" });
    expect(server.asked).toEqual([]);
  });

  it("expires in time once the page has slept, though the timer of those before it did, too", async () => {
    const client = createClient("http://127.0.0.1:1");
    const before = client.send("load_ship", load(1));
    const { now } = Date;
    closers.push(() => {
      Date.now = now;
    });
    Date.now = () => now() + 600_000;
    const sent = client.send("load_ship", load(2), { ttlMs: 50 });
    for (const end of await Promise.allSettled([before, sent]))
      expect(end).toMatchObject({ status: "rejected", reason: { code: "expired" } });
  });

  it("follows its policy where the connection is lost while it waits for a room", async () => {
    const server = await startScripted();
    const client = createClient(server.url);
    const heard = record(client, "ws:command");
    client.join(contract.rooms.quay("q")).catch(() => {});
    await server.next("$enter");
    const queued = client.send("load_ship", load(1));
    void client.send("sound", sounding);
    const rejected = client.send("whistle", { quay_id: "q", tune: "la" });
    await drop(client, server);
    await expect(rejected).rejects.toMatchObject({ code: "offline" });
    const entry = await server.next("$enter");
    entry.answer(entered);
    (await server.next("load_ship")).answer({ ok: true, data: { on_board: 1 } });
    await queued;
    expect(states(heard)).toEqual([
      ["load_ship", "queued"],
      ["sound", "queued"],
      ["whistle", "queued"],
      ["sound", "refused", "offline"],
      ["whistle", "refused", "offline"],
      ["load_ship", "sent"],
      ["load_ship", "applied"],
    ]);
    expect(server.asked.map(({ name }) => name)).toEqual([]);
  });

  it("goes out after it was told that the room it waits for is closed", async () => {
    const server = await startScripted();
    const client = createClient(server.url);
    const told: string[] = [];
    client.on("ws:room-closed", ({ room }) => told.push(`${room} closed`));
    client.on("ws:command", ({ state }) => told.push(state));
    client.join(contract.rooms.quay("q")).catch(() => {});
    const { socket } = await server.next("$enter");
    void client.send("load_ship", load(1)).catch(() => {});
    socket.emit("$left", { room: "quay_q", code: "revoked" });
    await server.next("load_ship");
    expect(told).toEqual(["queued", "quay_q closed", "sent"]);
  });

  it("expires in time where it was queued before a server that keeps its answers for less long", async () => {
    const server = await startScripted();
    server.hello = { limits: { payload_bytes: 65_536, answer_ms: 500 } };
    const client = createClient(server.url, { autoConnect: false });
    const sent = client.send("load_ship", load(1));
    client.connect();
    await expect(sent).rejects.toMatchObject({ code: "expired" });
  });

  it("follows its policy while offline: queue waits, drop is let go quietly, reject rejects", async () => {
    const client = createClient("http://127.0.0.1:1", { autoConnect: false });
    const heard = record(client, "ws:command");
    const queued = client.send("load_ship", load(1));
    // Nobody waits for this one, and its rejection is no error of the process.
    void client.send("sound", sounding);
    await expect(client.send("whistle", { quay_id: "q", tune: "la" })).rejects.toMatchObject({ code: "offline" });
    expect(states(heard)).toEqual([
      ["load_ship", "queued"],
      ["sound", "refused", "offline"],
      ["whistle", "refused", "offline"],
    ]);
    client.close();
    await expect(queued).rejects.toMatchObject({ code: "closed" });
  });

  it("is refused where too many or too much waits already", async () => {
    const client = createClient("http://127.0.0.1:1", { autoConnect: false });
    const all = Array.from({ length: 201 }, (_, i) => client.send("load_ship", load((i % 100) + 1)));
    await expect(all[200]).rejects.toMatchObject({ code: "queue_full" });
    for (const sent of all.slice(0, 200)) sent.catch(() => {});
  });

  it("is refused at send where it is larger than the server takes, and taken where it just fits", async () => {
    const server = await startScripted({ maxHttpBufferSize: 400 });
    server.hello = { limits: { payload_bytes: 400, answer_ms: 300_000 } };
    const client = createClient(server.url);
    await snapshot(client, { status: "connected" });
    const sized = (bytes: number) => ({
      ...load(1),
      ship_id: "s".repeat(bytes - JSON.stringify({ ...load(1), ship_id: "" }).length),
    });
    expect(JSON.stringify(sized(120))).toHaveLength(120);
    await expect(client.send("load_ship", sized(241))).rejects.toBeInstanceOf(CommandError);
    const long = client.send("whistle", { quay_id: "x".repeat(100), tune: "é".repeat(20) });
    (await server.next("whistle")).answer({ ok: true, data: {} });
    await long;
    const four = "\u{1F6A2}".repeat(60);
    await expect(client.send("load_ship", { ...load(1), ship_id: four })).rejects.toMatchObject({
      code: "payload_too_large",
    });
    expect(client.connection.getSnapshot().status).toBe("connected");
  });

  it("goes out as it was when it was sent, whatever becomes of the object", async () => {
    const server = await startScripted();
    const client = createClient(server.url, { autoConnect: false });
    const command = load(1);
    const sent = client.send("load_ship", command);
    command.crates = 99;
    client.connect();
    const asked = await server.next("load_ship");
    expect(asked.body).toEqual(load(1));
    asked.answer({ ok: true, data: { on_board: 1 } });
    await sent;
  });

  it("leaves nothing at a connection that turns out to be dead as it is sent, as where a laptop slept", async () => {
    const { url, server } = await openReal();
    server.handle("load_ship", ({ crates }) => ({ on_board: crates }));
    const sockets: Socket[] = [];
    const { connect } = Socket.prototype;
    closers.push(() => {
      Socket.prototype.connect = connect;
    });
    Socket.prototype.connect = function (this: Socket) {
      sockets.push(this);
      return connect.call(this);
    };
    const client = createClient(url);
    await connected(client);
    // A ping is long overdue, and the timer that would say so slept as well: Socket.IO finds out when it is to write.
    Object.assign(sockets[0]?.io.engine as object, { _pingTimeoutTime: 1 });
    expect(await client.send("load_ship", load(1))).toEqual({ on_board: 1 });
    expect(sockets).toHaveLength(2);
    expect(sockets[0]).toMatchObject({ connected: false, acks: {}, sendBuffer: [] });
  });

  it("is answered with data that is checked; what does not check is reported and not handed on", async () => {
    const server = await startScripted();
    const invalid: unknown[] = [];
    const client = createClient(server.url, { onInvalid: (issue: unknown) => invalid.push(issue) });
    await snapshot(client, { status: "connected" });
    const sent = client.send("load_ship", load(1));
    (await server.next("load_ship")).answer({ ok: true, data: { on_board: "many" } });
    await expect(sent).rejects.toMatchObject({ code: "payload_invalid", path: "on_board" });
    expect(invalid).toEqual([
      { event: "load_ship", direction: "server_to_client", path: "on_board", expected: "integer", got: "string" },
    ]);
    for (const nonsense of [undefined, null, 5, "ok", [], { ok: "yes" }, { ok: false }, { ok: false, error: 5 }]) {
      const odd = client.send("load_ship", load(1));
      (await server.next("load_ship")).answer(nonsense);
      await expect(odd).rejects.toMatchObject({ code: "internal" });
    }
  });

  it("is refused with the server's code, path and hint, cut where a code or path is long, and without what is none", async () => {
    const server = await startScripted();
    const client = createClient(server.url);
    await snapshot(client, { status: "connected" });
    for (const [error, read] of [
      [
        { code: "payload_invalid", path: "crates", retry_after_ms: 20 },
        { code: "payload_invalid", path: "crates", retryAfterMs: 20 },
      ],
      [
        { code: "c".repeat(65), path: "p".repeat(257) },
        { code: "c".repeat(64), path: "p".repeat(256), retryAfterMs: undefined },
      ],
      [
        { code: 5, path: ["crates"], retry_after_ms: "20" },
        { code: "internal", path: undefined, retryAfterMs: undefined },
      ],
    ]) {
      const refused = client
        .send("load_ship", load(1))
        .catch(({ code, path, retryAfterMs }) => ({ code, path, retryAfterMs }));
      (await server.next("load_ship")).answer({ ok: false, error });
      expect(await refused).toEqual({ retryAfterMs: undefined, ...read });
    }
  });

  it("is never sent as another user", async () => {
    const server = await startScripted();
    let user = "ada";
    const client = createClient(server.url, { auth: () => ({ token: user }) });
    await snapshot(client, { status: "connected", userId: "ada" });
    const sent = client.send("load_ship", load(1));
    await server.next("load_ship");
    user = "bob";
    server.hello = { user_id: "bob" };
    await drop(client, server);
    const queued = client.send("load_ship", load(2));
    await expect(sent).rejects.toMatchObject({ code: "identity_mismatch" });
    await expect(queued).rejects.toMatchObject({ code: "identity_mismatch" });
    await snapshot(client, { status: "connected", userId: "bob" });
    const own = client.send("load_ship", load(3));
    const asked = await server.next("load_ship");
    expect(asked.body).toEqual(load(3));
    asked.answer({ ok: true, data: { on_board: 3 } });
    await own;
    expect(server.asked).toEqual([]);
  });

  it("is the next user's where it is sent after the session of the one before was forgotten", async () => {
    const server = await startScripted();
    let user = "ada";
    const client = createClient(server.url, { auth: () => ({ token: user }) });
    await snapshot(client, { status: "connected", userId: "ada" });
    client.close({ forget: true });
    user = "bob";
    server.hello = { user_id: "bob" };
    client.connect();
    const sent = client.send("load_ship", load(1));
    await snapshot(client, { status: "connected", userId: "bob" });
    (await server.next("load_ship")).answer({ ok: true, data: { on_board: 1 } });
    expect(await sent).toEqual({ on_board: 1 });
  });

  it("is answered, too, after a handler has closed the client of another user", async () => {
    const server = await startScripted();
    let user = "ada";
    const client = createClient(server.url, { auth: () => ({ token: user }) });
    await snapshot(client, { status: "connected", userId: "ada" });
    const sent = client.send("load_ship", load(1));
    await server.next("load_ship");
    client.once("ws:command", () => client.close());
    user = "bob";
    server.hello = { user_id: "bob" };
    server.sockets[0]?.conn.close();
    await expect(sent).rejects.toMatchObject({ code: "identity_mismatch" });
    const whistled = client.send("whistle", { quay_id: "q", tune: "la" });
    await expect(whistled).rejects.toMatchObject({ code: "offline" });
  });

  it("is not written twice to a server that keeps no answers, although that one is announced", async () => {
    const server = await startScripted();
    server.hello = { limits: { payload_bytes: 65_536 } };
    const client = createClient(server.url);
    await snapshot(client, { status: "connected" });
    const sent = client.send("load_ship", load(1));
    await server.next("load_ship");
    await drop(client, server);
    await expect(sent).rejects.toMatchObject({ code: "timeout" });
    await snapshot(client, { status: "connected" });
    expect(server.asked).toEqual([]);
  });

  it("leaves nothing behind that would keep a program alive", async () => {
    const server = await startScripted();
    const client = createClient(server.url);
    await snapshot(client, { status: "connected" });
    const before = process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const all = [1, 2, 3].map((i) => client.send("load_ship", load(i)).catch((error: CommandError) => error.code));
    await server.next("load_ship");
    client.close();
    expect(await Promise.all(all)).toEqual(["closed", "closed", "closed"]);
    await expect
      .poll(() => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length)
      .toBeLessThanOrEqual(before);
  });
});

describe("a storage of the application's own", () => {
  function createStore(values: Map<string, unknown>): KeyedStore {
    return {
      keys: (prefix) => [...values.keys()].filter((key) => key.startsWith(prefix)),
      get: (key) => values.get(key),
      set: (key, value) => void values.set(key, structuredClone(value)),
      remove: (key) => void values.delete(key),
    };
  }

  it("holds a command before it is written, and no longer than until its answer", async () => {
    const server = await startScripted();
    const values = new Map<string, unknown>();
    const client = createClient(server.url, { storage: createStorage(createStore(values), createLocks()) });
    await snapshot(client, { status: "connected" });
    const sent = client.send("load_ship", load(1));
    const asked = await server.next("load_ship");
    expect([...values.keys()]).toEqual([expect.stringMatching(/^gestaloka-events\/harbour\/ada\/[\w-]{20}$/)]);
    expect([...values.values()]).toMatchObject([{ v: 1, user: "ada", commands: [{ payload: load(1), sent: true }] }]);
    asked.answer({ ok: true, data: { on_board: 1 } });
    await sent;
    expect(values.size).toBe(0);
    // What must not wait offline is not kept either.
    void client.send("whistle", { quay_id: "q", tune: "la" }).catch(() => {});
    await server.next("whistle");
    expect(values.size).toBe(0);
  });

  it("holds a command while it waits for a room", async () => {
    const server = await startScripted();
    const values = new Map<string, unknown>();
    const client = createClient(server.url, { storage: createStorage(createStore(values), createLocks()) });
    await snapshot(client, { status: "connected" });
    client.join(contract.rooms.quay("q")).catch(() => {});
    await server.next("$enter");
    client.send("load_ship", load(1)).catch(() => {});
    expect([...values.values()]).toMatchObject([{ commands: [{ payload: load(1), sent: false }] }]);
  });

  it("holds a command no longer that is refused before it is written", async () => {
    const server = await startScripted();
    server.hello = { limits: { payload_bytes: 180, answer_ms: 300_000 } };
    const values = new Map<string, unknown>();
    const storage = createStorage(createStore(values), createLocks());
    const client = createClient(server.url, { userId: "ada", storage });
    const sent = client.send("load_ship", load(1));
    await expect(sent).rejects.toMatchObject({ code: "payload_too_large" });
    expect(values.size).toBe(0);
  });

  it("holds a command no longer than it may wait", async () => {
    const values = new Map<string, unknown>();
    const storage = createStorage(createStore(values), createLocks());
    const client = createClient("http://127.0.0.1:1", { userId: "ada", storage });
    const sent = client.send("load_ship", load(1), { ttlMs: 100 });
    await expect(sent).rejects.toMatchObject({ code: "expired" });
    expect(values.size).toBe(0);
  });

  it("is waited for by the connection that a command was meant for; the next one enters its rooms first", async () => {
    const server = await startScripted();
    let storing: Promise<void> | undefined;
    const store: KeyedStore = { ...createStore(new Map()), set: async () => storing };
    const client = createClient(server.url, { storage: createStorage(store, createLocks()) });
    const answer = { ok: true, epoch: "AAAAAAAAAAA", seq: 0, recovered: true, data: { quay_id: "q", members: [] } };
    const joined = client.join(contract.rooms.quay("q"));
    (await server.next("$enter")).answer(answer);
    await joined;
    let stored = () => {};
    storing = new Promise((resolve) => {
      stored = resolve;
    });
    const sent = client.send("load_ship", load(1));
    await drop(client, server);
    const entry = await server.next("$enter");
    stored();
    // Whatever would be written comes within a moment.
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(server.asked.map(({ name }) => name)).toEqual([]);
    entry.answer(answer);
    (await server.next("load_ship")).answer({ ok: true, data: { on_board: 1 } });
    expect(await sent).toEqual({ on_board: 1 });
    expect(server.asked.map(({ name }) => name)).toEqual([]);
  });

  it("tells of no connection that it closes as another user's place is taken", async () => {
    const server = await startScripted();
    const silent: TabLocks = { request: () => new Promise(() => {}) };
    const store: KeyedStore = { ...createStore(new Map()), remove: () => client.close() };
    const client = createClient(server.url, { storage: createStorage(store, silent) });
    const heard = record(client, "ws:connected", "ws:disconnected");
    await snapshot(client, { status: "connected" });
    server.hello = { user_id: "bob" };
    server.sockets[0]?.conn.close();
    await snapshot(client, { status: "idle" });
    expect(heard.map(({ name }) => name)).toEqual(["ws:connected", "ws:disconnected", "ws:disconnected"]);
  });

  it("lets commands go out in their order, whichever it keeps first", async () => {
    const server = await startScripted();
    let set = async () => {};
    const store: KeyedStore = { ...createStore(new Map()), set: () => set() };
    const client = createClient(server.url, { storage: createStorage(store, createLocks()) });
    client.send("load_ship", load(1)).catch(() => {});
    await server.next("load_ship");
    const kept: (() => void)[] = [];
    set = () => new Promise((resolve) => kept.push(resolve));
    for (const crates of [2, 3]) client.send("load_ship", load(crates)).catch(() => {});
    kept[1]?.();
    await new Promise(setImmediate);
    kept[0]?.();
    expect((await server.next("load_ship")).body).toEqual(load(2));
    expect((await server.next("load_ship")).body).toEqual(load(3));
  });

  it("keeps what a plain server was not sent yet when the client closes while it enters a room", async () => {
    const server = await startScripted();
    server.hello = undefined;
    const values = new Map<string, unknown>();
    const storage = createStorage(createStore(values), createLocks());
    const client = createClient(server.url, { userId: "ada", helloTimeoutMs: 10, autoConnect: false, storage });
    const heard = record(client, "ws:command");
    void client.join(contract.rooms.quay("q"));
    const sent = client.send("load_ship", load(1));
    client.connect();
    await server.next("dock");
    client.close();
    await expect(sent).rejects.toMatchObject({ code: "closed" });
    expect(states(heard)).toEqual([
      ["load_ship", "queued"],
      ["load_ship", "refused", "closed"],
    ]);
    expect([...values.values()]).toMatchObject([{ commands: [{ payload: load(1), sent: false }] }]);
  });

  it("keeps what an earlier page left where the client closes while it is read", async () => {
    const key = "gestaloka-events/harbour/ada/1";
    const kept = { v: 1, user: "ada", at: Date.now(), commands: [{ id: "c", name: "load_ship", payload: load(3) }] };
    const values = new Map<string, unknown>([[key, kept]]);
    const locks = createLocks();
    let client: ReturnType<typeof createClient> | undefined;
    const store: KeyedStore = {
      ...createStore(values),
      async get(of) {
        client?.close();
        return values.get(of);
      },
    };
    client = createClient("http://127.0.0.1:1", { userId: "ada", storage: createStorage(store, locks) });
    await expect.poll(() => client?.connection.getSnapshot().status).toBe("idle");
    // When its lock is free again, it was let go.
    await locks.request(key, { ifAvailable: false }, async () => {});
    expect(values.get(key)).toEqual(kept);
  });

  it("says what was expected where it refuses a payload itself", async () => {
    const client = createClient("http://127.0.0.1:1", { autoConnect: false });
    const sent = client.send("load_ship", { ...load(1), crates: "many" as never });
    await expect(sent).rejects.toMatchObject({ code: "payload_invalid", path: "crates", got: "string" });
    await expect(sent).rejects.toThrow(/ payload_invalid at payload\.crates: expected integer.*, got string \(/);
  });

  it("takes up what a tab left that closed while it lived, once it connects again", async () => {
    const server = await startScripted();
    const values = new Map<string, unknown>();
    const storage = createStorage(createStore(values), createLocks());
    const client = createClient(server.url, { storage });
    await connected(client);
    const closing = createClient("http://127.0.0.1:1", { userId: "ada", storage });
    const left = closing.send("load_ship", load(7));
    await expect.poll(() => values.size).toBe(1);
    closing.close();
    await expect(left).rejects.toMatchObject({ code: "closed" });
    const heard = record(client, "ws:command");
    await drop(client, server);
    const sent = await server.next("load_ship");
    expect(sent.body).toEqual(load(7));
    expect(states(heard)).toEqual([
      ["load_ship", "queued"],
      ["load_ship", "sent"],
    ]);
    sent.answer({ ok: true, data: { on_board: 7 } });
    await expect.poll(() => values.size).toBe(0);
  });

  it("keeps what an earlier page left where it has no room to keep it twice", async () => {
    const commands = [{ id: "c", name: "load_ship", payload: load(3), bytes: 20, age: 0, left: 60_000, sent: false }];
    const key = "gestaloka-events/harbour/ada/1";
    const values = new Map<string, unknown>([[key, { v: 1, user: "ada", at: Date.now(), commands }]]);
    const store: KeyedStore = {
      ...createStore(values),
      set(of, value) {
        if (values.size > 0 && !values.has(of)) throw new DOMException("full", "QuotaExceededError");
        values.set(of, value);
      },
    };
    const client = createClient("http://127.0.0.1:1", { userId: "ada", storage: createStorage(store, createLocks()) });
    const heard = record(client, "ws:command");
    await heard.atLeast(1);
    expect(states(heard)).toEqual([["load_ship", "queued"]]);
    expect([...values.values()]).toMatchObject([{ commands: [{ id: "c" }] }]);
    expect(values.has(key)).toBe(false);
  });

  it("holds what an earlier page left twice rather than not at all, should this one end as it takes it up", async () => {
    const commands = [{ id: "c", name: "load_ship", payload: load(3), bytes: 20, age: 0, left: 60_000, sent: false }];
    const key = "gestaloka-events/harbour/ada/1";
    const values = new Map<string, unknown>([[key, { v: 1, user: "ada", at: Date.now(), commands }]]);
    const ended = new Promise<unknown[]>((resolve) => {
      const store = {
        ...createStore(values),
        remove: (of: string) => void (of === key && resolve([...values.values()])),
      };
      createClient("http://127.0.0.1:1", { userId: "ada", storage: createStorage(store, createLocks()) });
    });
    expect(await ended).toMatchObject([{ commands: [{ id: "c" }] }, { commands: [{ id: "c" }] }]);
  });

  it("is believed nothing: what an earlier version or a stranger left there is not sent", async () => {
    const server = await startScripted();
    const now = Date.now();
    const kept = (commands: object[], user = "ada") => ({ v: 1, user, at: now, commands });
    const command = (id: string, name: string, payload: unknown) => ({
      id,
      name,
      payload,
      bytes: 20,
      age: 0,
      left: 60_000,
      sent: false,
    });
    const values = new Map<string, unknown>([
      [
        "gestaloka-events/harbour/ada/1",
        kept([
          command("a", "load_ship", { crates: "many" }),
          command("b", "__proto__", {}),
          command("c", "load_ship", load(3)),
        ]),
      ],
      ["gestaloka-events/harbour/ada/2", "nonsense"],
      ["gestaloka-events/harbour/ada/3", kept([command("d", "load_ship", load(4))], "bob")],
      ["gestaloka-events/harbour/bob/4", kept([command("e", "load_ship", load(5))], "bob")],
    ]);
    const client = createClient(server.url, { storage: createStorage(createStore(values), createLocks()) });
    const heard = record(client, "ws:command");
    const asked = await server.next("load_ship");
    expect(asked.args).toEqual([load(3), { id: "c" }]);
    asked.answer({ ok: true, data: { on_board: 3 } });
    await expect.poll(() => states(heard).at(-1)).toEqual(["load_ship", "applied"]);
    expect(states(heard)).toEqual([
      ["load_ship", "refused", "payload_invalid"],
      ["__proto__", "refused", "unknown_command"],
      ["load_ship", "queued"],
      ["load_ship", "sent"],
      ["load_ship", "applied"],
    ]);
    expect(server.asked).toEqual([]);
    expect([...values.keys()]).toEqual(["gestaloka-events/harbour/bob/4"]);
  });

  it("sends what an earlier version left with a field that is gone since, which the server leaves out", async () => {
    const harbour = await openReal();
    const given: unknown[] = [];
    harbour.server.handle("load_ship", (command) => {
      given.push(command);
      return { on_board: 3 };
    });
    const command = {
      id: "c",
      name: "load_ship",
      payload: { ...load(3), hurry: true },
      bytes: 20,
      age: 0,
      left: 60_000,
    };
    const kept = { v: 1, user: "ada", at: Date.now(), commands: [{ ...command, sent: false }] };
    const values = new Map<string, unknown>([["gestaloka-events/harbour/ada/1", kept]]);
    const client = createClient(harbour.url, { storage: createStorage(createStore(values), createLocks()) });
    const heard = record(client, "ws:command");
    await expect.poll(() => states(heard).at(-1)).toEqual(["load_ship", "applied"]);
    expect(given).toEqual([load(3)]);
  });

  it("gives what it kept to a connection that did not wait for it any longer", async () => {
    const server = await startScripted();
    const command = { name: "load_ship", payload: load(3), bytes: 20, age: 0, left: 60_000, sent: true };
    const kept = { v: 1, user: "ada", at: Date.now(), commands: [{ ...command, id: "c" }] };
    let answer = () => {};
    const slow: KeyedStore = {
      ...createStore(new Map([["gestaloka-events/harbour/ada/1", kept]])),
      get: () =>
        new Promise((resolve) => {
          answer = () => resolve(kept);
        }),
    };
    const client = createClient(server.url, { storage: createStorage(slow, createLocks()) });
    void client.send("load_ship", load(4)).catch(() => {});
    expect((await server.next("load_ship")).body).toEqual(load(4));
    answer();
    expect((await server.next("load_ship")).args).toEqual([load(3), { id: "c" }]);
  });

  it("gives nobody what it kept for a connection that was closed meanwhile, or for another user", async () => {
    const command = { name: "load_ship", bytes: 20, age: 0, left: 60_000, sent: true };
    const keep = (id: string, crates: number) => ({
      v: 1,
      user: "ada",
      at: Date.now(),
      commands: [{ ...command, id, payload: load(crates) }],
    });
    for (const user_id of ["ada", "bob"]) {
      const server = await startScripted();
      const values = new Map<string, unknown>([
        ["gestaloka-events/harbour/ada/1", keep("c", 1)],
        ["gestaloka-events/harbour/ada/2", keep("d", 2)],
      ]);
      const reads: (() => void)[] = [];
      const slow: KeyedStore = {
        ...createStore(values),
        get: (key) =>
          key.endsWith("/2")
            ? new Promise((resolve) => {
                reads.push(() => resolve(values.get(key)));
              })
            : values.get(key),
      };
      const client = createClient(server.url, { storage: createStorage(slow, createLocks()) });
      // The first was taken up, and the second is being read.
      await expect.poll(() => reads.length).toBe(1);
      client.close();
      server.hello = { user_id };
      client.connect();
      await snapshot(client, { status: "connected" });
      if (user_id === "ada") expect((await server.next("load_ship")).args).toEqual([load(1), { id: "c" }]);
      for (const answer of reads) answer();
      await new Promise(setImmediate);
      void client.send("load_ship", load(3)).catch(() => {});
      expect((await server.next("load_ship")).body).toEqual(load(3));
      expect(server.asked).toEqual([]);
    }
  });

  it("is none where the page is kept from its localStorage, or from its IndexedDB", async () => {
    const server = await startScripted();
    for (const [name, create] of [
      ["localStorage", localStorageStore],
      ["indexedDB", indexedDbStore],
    ] as const) {
      replaceGlobal(name, {
        get() {
          throw new DOMException("The operation is insecure.", "SecurityError");
        },
      });
      const client = createClient(server.url, { storage: create() });
      await snapshot(client, { status: "connected" });
      void client.send("load_ship", load(1)).catch(() => {});
      await server.next("load_ship");
    }
  });

  it("is none where the page has locks but neither localStorage nor IndexedDB, which is no error", async () => {
    const server = await startScripted();
    replaceGlobal("navigator", { value: { locks: createLocks() } });
    for (const storage of [localStorageStore(), indexedDbStore()]) {
      const client = createClient(server.url, { storage });
      const errors = record(client, "ws:error");
      await snapshot(client, { status: "connected" });
      void client.send("load_ship", load(1)).catch(() => {});
      await server.next("load_ship");
      expect(errors.payloads("ws:error")).toEqual([]);
    }
  });

  it("keeps what is sent after a reconnect though it failed when the page began", async () => {
    const server = await startScripted();
    const kept = new Map<string, unknown>();
    const store = createStore(kept);
    let failing = true;
    const keys = (prefix: string) => {
      if (!failing) return store.keys(prefix);
      failing = false;
      throw new Error("not yet");
    };
    const client = createClient(server.url, { storage: createStorage({ ...store, keys }, createLocks()) });
    await snapshot(client, { status: "connected" });
    await drop(client, server);
    await snapshot(client, { status: "connected" });
    void client.send("load_ship", load(1)).catch(() => {});
    await server.next("load_ship");
    await expect.poll(() => JSON.stringify([...kept.values()])).toContain('"crates":1');
  });

  it("keeps no command back when it fails or does not answer, and that is told", async () => {
    const server = await startScripted();
    const full: KeyedStore = {
      ...createStore(new Map()),
      set() {
        throw new Error("quota");
      },
    };
    const client = createClient(server.url, { storage: createStorage(full, createLocks()) });
    const errors = record(client, "ws:error");
    await snapshot(client, { status: "connected" });
    void client.send("load_ship", load(1)).catch(() => {});
    await server.next("load_ship");
    expect(errors.payloads("ws:error")).toMatchObject([{ code: "internal", error: { message: "quota" } }]);

    const silent: TabLocks = { request: () => new Promise(() => {}) };
    const never = () => new Promise<never>(() => {});
    for (const storage of [
      createStorage(createStore(new Map()), silent),
      createStorage({ keys: never, get: never, set: never, remove: never }, createLocks()),
      // It answered so far.
      createStorage({ ...createStore(new Map()), set: never }, createLocks()),
    ]) {
      const waiting = createClient(server.url, { storage });
      await snapshot(waiting, { status: "connected" });
      const started = performance.now();
      void waiting.send("load_ship", load(2)).catch(() => {});
      expect((await server.next("load_ship")).body).toEqual(load(2));
      expect(performance.now() - started).toBeLessThan(3_000);
    }
  });
});
