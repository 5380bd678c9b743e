import type { CommandError } from "@gestaloka/events/client";
import { memoryBackend } from "@gestaloka/events/server";
import { Socket } from "socket.io-client";
import { describe, expect, it, onTestFinished } from "vitest";
import { contract } from "../fixtures/contract.js";
import { commandsOf, connected, lost, nextLocal, record, snapshot } from "../support/awaited-client.js";
import { closedAtEnd } from "../support/closed-at-end.js";
import { createClient, openBehindProxy } from "../support/harbour-client.js";
import { type Harbour, openHarbour } from "../support/harbour-server.js";
import { ScriptedServer } from "../support/scripted-server.js";

const load = (crates: number) => ({ quay_id: "q", ship_id: "s", crates });
const entered = { ok: true, epoch: "AAAAAAAAAAA", seq: 0, recovered: false, data: { quay_id: "q", members: [] } };
const sounding = { timestamp: "2026-11-24T05:30:20Z" };

/** A client that is connected as ada; from the next connection on after `becomeBob()` it is bob's. */
async function openAsAda() {
  const server = await ScriptedServer.start();
  let user = "ada";
  const client = createClient(server.url, { auth: () => ({ token: user }) });
  await snapshot(client, { status: "connected", userId: "ada" });
  const becomeBob = () => {
    user = "bob";
    server.hello = { user_id: "bob" };
  };
  return { server, client, becomeBob };
}

/** The next command loads so many crates, and is answered. */
async function takeLoad(server: ScriptedServer, crates: number): Promise<void> {
  const asked = await server.next("load_ship");
  expect(asked.body).toEqual(load(crates));
  asked.answer({ ok: true, data: { on_board: crates } });
}

describe("a command to an announced server", () => {
  it("is written again under the same id until it is answered, and resolves with that answer", async () => {
    const server = await ScriptedServer.start();
    const client = createClient(server.url);
    const heard = record(client, "ws:command");
    await snapshot(client, { status: "connected" });
    const sent = client.send("load_ship", load(1));
    const first = await server.next("load_ship");
    await lost(client, () => server.drop());
    const second = await server.next("load_ship");
    await lost(client, () => server.drop());
    const third = await server.next("load_ship");
    expect(first.args).toEqual([load(1), { id: expect.stringMatching(/^[\w-]{20}$/) }]);
    expect([second.args, third.args]).toEqual([first.args, first.args]);
    // An answer that comes over a connection that is gone is not heard.
    first.answer({ ok: true, data: { on_board: 0 } });
    third.answer({ ok: true, data: { on_board: 1 } });
    expect(await sent).toEqual({ on_board: 1 });
    expect(commandsOf(heard).map(([, state]) => state)).toEqual(["queued", "sent", "sent", "sent", "applied"]);
  });

  it("is called once by a real server, however often the link is cut", async () => {
    const { server, proxy } = await openBehindProxy();
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
    const harbour = closedAtEnd(await openHarbour());
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
    const { server, proxy } = await openBehindProxy();
    const applied: number[] = [];
    server.handle("load_ship", ({ crates }) => {
      applied.push(crates);
      return { on_board: crates };
    });
    const client = createClient(proxy.url);
    await client.join(contract.rooms.quay("q"));
    await lost(client, () => {
      proxy.set({ accept: "reset" });
      proxy.cut();
    });
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
    const harbour = closedAtEnd(await openHarbour({ backend }));
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
    const server = await ScriptedServer.start();
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
    const server = await ScriptedServer.start();
    const client = createClient(server.url, { autoConnect: false });
    const outcomes = [1, 2].map((crates) => client.send("load_ship", load(crates)).catch(({ code }) => code));
    const heard = record(client, "ws:command");
    client.on("ws:command", ({ state }) => state === "sent" && client.close());
    client.connect();
    expect(await Promise.all(outcomes)).toEqual(["closed", "closed"]);
    expect(commandsOf(heard).map(([, state]) => state)).toEqual(["sent", "refused", "refused"]);
  });

  it("expires when no answer came in time, online and offline, and is not written again", async () => {
    const server = await ScriptedServer.start();
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
    expect(commandsOf(heard).slice(0, 5)).toEqual([
      ["load_ship", "queued"],
      ["load_ship", "sent"],
      ["load_ship", "expired", "expired"],
      ["load_ship", "queued"],
      ["load_ship", "expired", "expired"],
    ]);
  });

  it("expires in time where it waits for a room, and does not go out then", async () => {
    const server = await ScriptedServer.start();
    const client = createClient(server.url);
    void client.join(contract.rooms.quay("q"));
    const entry = await server.next("$enter");
    const late = client.send("load_ship", load(1), { ttlMs: 50 });
    const patient = client.send("load_ship", load(2));
    await expect(late).rejects.toMatchObject({ code: "expired" });
    entry.answer(entered);
    await takeLoad(server, 2);
    await patient;
  });

  it("does not go out either where the page slept meanwhile, and its timer did with it", async () => {
    const server = await ScriptedServer.start();
    const client = createClient(server.url);
    await snapshot(client, { status: "connected" });
    client.join(contract.rooms.quay("q")).catch(() => {});
    const entry = await server.next("$enter");
    const sent = client.send("load_ship", load(1), { ttlMs: 10_000 });
    const { now } = Date;
    onTestFinished(() => {
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
    onTestFinished(() => {
      Date.now = now;
    });
    Date.now = () => now() + 600_000;
    const sent = client.send("load_ship", load(2), { ttlMs: 50 });
    for (const end of await Promise.allSettled([before, sent]))
      expect(end).toMatchObject({ status: "rejected", reason: { code: "expired" } });
  });

  it("follows its policy where the connection is lost while it waits for a room", async () => {
    const server = await ScriptedServer.start();
    const client = createClient(server.url);
    const heard = record(client, "ws:command");
    client.join(contract.rooms.quay("q")).catch(() => {});
    await server.next("$enter");
    const queued = client.send("load_ship", load(1));
    void client.send("sound", sounding);
    const rejected = client.send("whistle", { quay_id: "q", tune: "la" });
    await lost(client, () => server.drop());
    await expect(rejected).rejects.toMatchObject({ code: "offline" });
    const entry = await server.next("$enter");
    entry.answer(entered);
    (await server.next("load_ship")).answer({ ok: true, data: { on_board: 1 } });
    await queued;
    expect(commandsOf(heard)).toEqual([
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
    const server = await ScriptedServer.start();
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
    const server = await ScriptedServer.start();
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
    expect(commandsOf(heard)).toEqual([
      ["load_ship", "queued"],
      ["sound", "refused", "offline"],
      ["whistle", "refused", "offline"],
    ]);
    client.close();
    await expect(queued).rejects.toMatchObject({ code: "closed" });
  });

  it("is refused where 200 wait already", async () => {
    const client = createClient("http://127.0.0.1:1", { autoConnect: false });
    const all = Array.from({ length: 201 }, (_, i) => client.send("load_ship", load((i % 100) + 1)));
    await expect(all[200]).rejects.toMatchObject({ code: "queue_full" });
    for (const sent of all.slice(0, 200)) sent.catch(() => {});
  });

  it("is refused at send where it is larger than the server takes, and taken where it just fits", async () => {
    const server = await ScriptedServer.start({ maxHttpBufferSize: 400 });
    server.hello = { limits: { payload_bytes: 400, answer_ms: 300_000 } };
    const client = createClient(server.url);
    await snapshot(client, { status: "connected" });
    const sized = (bytes: number) => {
      const empty = { ...load(1), quay_id: "q".repeat(100), ship_id: "" };
      return { ...empty, ship_id: "s".repeat(bytes - JSON.stringify(empty).length) };
    };
    await expect(client.send("load_ship", sized(241))).rejects.toMatchObject({ code: "payload_too_large" });
    const fitting = client.send("load_ship", sized(240));
    (await server.next("load_ship")).answer({ ok: true, data: { on_board: 1 } });
    await fitting;
    const long = client.send("whistle", { quay_id: "x".repeat(100), tune: "é".repeat(20) });
    (await server.next("whistle")).answer({ ok: true, data: {} });
    await long;
    const four = "\u{1F6A2}".repeat(60);
    await expect(client.send("load_ship", { ...load(1), ship_id: four })).rejects.toMatchObject({
      code: "payload_too_large",
    });
    expect(client.connection.getSnapshot().status).toBe("connected");
  });

  it("says what was expected where it refuses a payload itself", async () => {
    const client = createClient("http://127.0.0.1:1", { autoConnect: false });
    const sent = client.send("load_ship", { ...load(1), crates: "many" as never });
    const said = { code: "payload_invalid", path: "crates", got: "string", command: "load_ship" };
    await expect(sent).rejects.toMatchObject({ ...said, commandId: expect.stringMatching(/^[\w-]{20}$/) });
    await expect(sent).rejects.toThrow(/ payload_invalid at payload\.crates: expected integer.*, got string \(/);
  });

  it("goes out as it was when it was sent, whatever becomes of the object", async () => {
    const server = await ScriptedServer.start();
    const client = createClient(server.url, { autoConnect: false });
    const command = load(1);
    const sent = client.send("load_ship", command);
    command.crates = 99;
    client.connect();
    await takeLoad(server, 1);
    await sent;
  });

  it("leaves nothing at a connection that turns out to be dead as it is sent, as where a laptop slept", async () => {
    const { url, server } = await openBehindProxy();
    server.handle("load_ship", ({ crates }) => ({ on_board: crates }));
    const sockets: Socket[] = [];
    const { connect } = Socket.prototype;
    onTestFinished(() => {
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
    const server = await ScriptedServer.start();
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
    const server = await ScriptedServer.start();
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
    const { server, client, becomeBob } = await openAsAda();
    const sent = client.send("load_ship", load(1));
    await server.next("load_ship");
    becomeBob();
    await lost(client, () => server.drop());
    const queued = client.send("load_ship", load(2));
    await expect(sent).rejects.toMatchObject({ code: "identity_mismatch" });
    await expect(queued).rejects.toMatchObject({ code: "identity_mismatch" });
    await snapshot(client, { status: "connected", userId: "bob" });
    const own = client.send("load_ship", load(3));
    await takeLoad(server, 3);
    await own;
    expect(server.asked).toEqual([]);
  });

  it("is never sent as another user where a subscriber closed the client as it was told whose it is", async () => {
    const server = await ScriptedServer.start();
    let user = "ada";
    const client = createClient(server.url, { auth: () => ({ token: user }) });
    const unsubscribe = client.connection.subscribe(() => {
      if (client.connection.getSnapshot().userId === "ada") client.close();
    });
    await snapshot(client, { status: "idle" });
    unsubscribe();
    const sent = client.send("load_ship", load(1));
    user = "bob";
    server.hello = { user_id: "bob" };
    client.connect();
    await expect(sent).rejects.toMatchObject({ code: "identity_mismatch" });
    await snapshot(client, { status: "connected", userId: "bob" });
    expect(server.asked).toEqual([]);
  });

  it("is the next user's, as the store says, where it is sent by whoever is told that the one before's was refused", async () => {
    const { server, client, becomeBob } = await openAsAda();
    const sent = client.send("load_ship", load(1));
    await server.next("load_ship");
    const next = new Promise((resolve) =>
      client.once("ws:command", ({ code }) => {
        expect(code).toBe("identity_mismatch");
        expect(client.connection.getSnapshot().userId).toBe("bob");
        resolve(client.send("load_ship", load(2)));
      }),
    );
    becomeBob();
    server.drop();
    await expect(sent).rejects.toMatchObject({ code: "identity_mismatch" });
    await takeLoad(server, 2);
    await next;
  });

  it("is taken from a subscriber that sends it as it is told that the client is connected", async () => {
    const server = await ScriptedServer.start();
    const client = createClient(server.url);
    const sent = new Promise((resolve) => {
      const unsubscribe = client.connection.subscribe(() => {
        if (client.connection.getSnapshot().status !== "connected") return;
        unsubscribe();
        resolve(client.send("whistle", { quay_id: "q", tune: "la" }));
      });
    });
    (await server.next("whistle")).answer({ ok: true, data: {} });
    await sent;
  });

  it("is the next user's where it is sent after the session of the one before was forgotten", async () => {
    const { server, client, becomeBob } = await openAsAda();
    client.close({ forget: true });
    becomeBob();
    client.connect();
    const sent = client.send("load_ship", load(1));
    await snapshot(client, { status: "connected", userId: "bob" });
    (await server.next("load_ship")).answer({ ok: true, data: { on_board: 1 } });
    expect(await sent).toEqual({ on_board: 1 });
  });

  it("is answered, too, after a handler has closed the client of another user", async () => {
    const { server, client, becomeBob } = await openAsAda();
    const sent = client.send("load_ship", load(1));
    await server.next("load_ship");
    client.once("ws:command", () => client.close());
    becomeBob();
    server.drop();
    await expect(sent).rejects.toMatchObject({ code: "identity_mismatch" });
    const whistled = client.send("whistle", { quay_id: "q", tune: "la" });
    await expect(whistled).rejects.toMatchObject({ code: "offline" });
  });

  it("is not written twice to a server that keeps no answers, although that one is announced", async () => {
    const server = await ScriptedServer.start();
    server.hello = { limits: { payload_bytes: 65_536 } };
    const client = createClient(server.url);
    await snapshot(client, { status: "connected" });
    const sent = client.send("load_ship", load(1));
    await server.next("load_ship");
    await lost(client, () => server.drop());
    await expect(sent).rejects.toMatchObject({ code: "timeout" });
    await snapshot(client, { status: "connected" });
    expect(server.asked).toEqual([]);
  });

  it.each([
    ["that was written to a plain server", undefined, "load_ship", load(1)],
    ["that waits for a room to be entered", {}, "whistle", { quay_id: "q", tune: "la" }],
  ] as const)("%s is refused with closed as its client is closed", async (_, hello, name, payload) => {
    const server = await ScriptedServer.start();
    server.hello = hello;
    const client = createClient(server.url, { helloTimeoutMs: 10 });
    const heard = record(client, "ws:command");
    await snapshot(client, { status: "connected" });
    if (hello) client.join(contract.rooms.quay("q")).catch(() => {});
    const sent = client.send(name as "load_ship", payload as never);
    if (!hello) await server.next(name);
    client.close();
    await expect(sent).rejects.toMatchObject({ code: "closed" });
    expect(commandsOf(heard).at(-1)).toEqual([name, "refused", "closed"]);
  });

  it("leaves nothing behind that would keep a program alive", async () => {
    const server = await ScriptedServer.start();
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
