import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { createEventServer, serverOptions, type UnsafeOption } from "@gestaloka/events/server";
import { Server, type ServerOptions } from "socket.io";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { WebSocket } from "ws";
import { contract } from "../fixtures/contract.js";
import { closedAtEnd } from "../support/closed-at-end.js";
import { once } from "../support/harbour-server.js";
import { type HostileHarbour, openHostile, transports } from "./hostile-harbour.js";
import { openRaw, type RawClient } from "./raw-client.js";

let hostile: HostileHarbour;
async function open(...given: Parameters<typeof openHostile>): Promise<HostileHarbour> {
  hostile = await openHostile(...given);
  closedAtEnd(hostile);
  return hostile;
}

const whistle = '["whistle",{"quay_id":"q1","tune":"la"}]';
const announcement = { v: 1, contract: "harbour@1.0.0", client: "c", cursors: [] };

describe("case 47: a flood of large frames", () => {
  it("is read over many turns of the event loop, so that others have theirs", async () => {
    await open({ limits: { invalidFrames: 1_000_000, commandBurst: 1_000_000, commandsPerSecond: 1_000_000 } });
    const eve = await hostile.enter("websocket", { token: "eve", $events: announcement });
    const wide = `{${Array.from({ length: 2_000 }, (_, key) => `"k${key}":1`).join()}}`;
    const frames = 900;
    let turns = 0;
    let counting = true;
    const count = () => {
      turns++;
      if (counting) setImmediate(count);
    };
    for (let id = 1; id <= frames; id++) eve.send(`42${id}["load_ship",${wide}]`);
    count();
    await eve.came(`43${frames}[`);
    counting = false;
    // Some 20 kB each, a millisecond's work: at once they are read by the two megabytes, a hundred of them a turn.
    expect(turns).toBeGreaterThan(frames / 40);
    await hostile.unharmed();
  });
});

describe("case 47: a flood of frames that nobody asked for is read over many turns of the event loop as well:", () => {
  /** The Engine.IO connection of a client. */
  function lineOf({ frames: [first = ""] }: RawClient) {
    const { sid } = JSON.parse(first.slice(1)) as { readonly sid: string };
    const { clients } = hostile.harbour.io.engine as unknown as { readonly clients: Readonly<Record<string, unknown>> };
    return clients[sid] as NodeJS.EventEmitter & { readonly id: string };
  }

  it("acknowledgements", async () => {
    await open();
    const eve = await hostile.enter("websocket");
    let most = 0;
    let inTurn = 0;
    lineOf(eve).on("packet", () => {
      if (++inTurn > 1) return;
      setImmediate(() => {
        most = Math.max(most, inTurn);
        inTurn = 0;
      });
    });
    for (let count = 0; count < 200_000; count++) eve.send("430[]");
    expect(await hostile.ask(eve, "whistle", { quay_id: "q1", tune: "la" })).toEqual({});
    // Two megabytes of them are read at once.
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThan(50_000);
    await hostile.unharmed();
  });

  it("probes of a stranger's upgrade", async () => {
    await open();
    const { url } = hostile.harbour;
    const stranger = await openRaw(url, "polling");
    onTestFinished(() => stranger.close());
    const line = lineOf(stranger);
    let rests = 0;
    line.on("upgrading", ({ socket }: { readonly socket: WebSocket }) => {
      if (rests === 0) vi.spyOn(socket, "pause").mockImplementation(() => void rests++);
      const until = performance.now() + 1;
      while (performance.now() < until);
    });
    const socket = new WebSocket(`${url.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket&sid=${line.id}`);
    onTestFinished(() => socket.terminate());
    await once(socket as never, "open");
    const upgraded = once(line as never, "upgrade");
    for (let count = 0; count < 100; count++) socket.send("2probe");
    socket.send("5");
    await upgraded;
    expect(rests).toBeGreaterThan(0);
    await hostile.unharmed();
  });
});

describe.each(transports)("case 47: a flood, over %s,", (transport) => {
  it("of commands is answered rate_limited with a time to wait, then closed, and others go on", async () => {
    await open({ limits: { commandBurst: 20, commandsPerSecond: 0.05 } });
    const eve = await hostile.enter(transport, { token: "eve", $events: announcement });
    for (let id = 0; id < 10; id++) await hostile.ask(eve, "load_ship", { quay_id: "q1", ship_id: "s1", crates: 1 });
    for (let id = 1_000; id < 1_010; id++) eve.send(`42${id}${whistle}`);
    await eve.came("431009[");
    eve.send(`422000${whistle}`);
    const refusal = JSON.parse((await eve.came("432000[")).slice(6)) as [{ error: { retry_after_ms: number } }];
    expect(refusal).toEqual([{ ok: false, error: { code: "rate_limited", retry_after_ms: expect.any(Number) } }]);
    expect(refusal[0].error.retry_after_ms).toBeGreaterThan(0);
    expect(refusal[0].error.retry_after_ms).toBeLessThanOrEqual(20_000);
    // Another connection of the same user has no bucket of its own.
    const twin = await hostile.enter(transport, { token: "eve", $events: { ...announcement, client: "d" } });
    twin.send(`421${whistle}`);
    expect(await twin.came("431[")).toContain("rate_limited");
    for (let count = 0; count < 10_000 && !eve.ended; count++) {
      eve.send(`42${whistle}`);
      if (count % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await eve.end();
    expect(eve.frames.join()).toContain('["$bye",{"code":"rate_limited","retry_after_ms":5000');
    expect(hostile.handled).toHaveLength(10);
    await hostile.unharmed();
  });

  it("of one command that is sent again and again is answered with its answer, and is a flood at last", async () => {
    await open({ limits: { commandBurst: 5, commandsPerSecond: 0.05 } });
    const eve = await hostile.enter(transport, { token: "eve", $events: announcement });
    const repeat = (packet: number) =>
      eve.send(`42${packet}["load_ship",{"quay_id":"q1","ship_id":"s1","crates":1},{"id":"again"}]`);
    // One of a burst of 5, and 19 of the 20 frames that stand beside it.
    for (let packet = 1; packet <= 20; packet++) {
      repeat(packet);
      expect(await eve.came(`43${packet}[`)).toContain('"ok":true');
    }
    expect(hostile.handled).toHaveLength(1);
    for (let packet = 21; packet < 31; packet++) repeat(packet);
    expect(await eve.came("4330[")).toContain("rate_limited");
    // The other four of the burst were not touched.
    expect(await hostile.ask(eve, "load_ship", { quay_id: "q1", ship_id: "s1", crates: 1 })).toMatchObject({
      ok: true,
    });
    await hostile.unharmed();
  });

  it("of frames that are no commands is closed, a few are not", async () => {
    await open({ limits: { invalidFrames: 10 } });
    const eve = await hostile.enter(transport, { token: "eve", $events: announcement });
    for (let count = 0; count < 10; count++) expect(await hostile.ask(eve, "nope", {})).toMatchObject({ ok: false });
    expect(eve.ended).toBeUndefined();
    expect(await hostile.ask(eve, "load_ship", { quay_id: "q1", ship_id: "s1", crates: 1 })).toMatchObject({
      ok: true,
    });
    for (const frame of ['42["load_ship",{}]', '42["nope"]']) eve.send(frame);
    await eve.end();
    expect(eve.frames.join()).toContain('["$bye",{"code":"invalid_frames"');
    await hostile.unharmed();
  });

  it("of library frames is told to wait, and then closed", async () => {
    await open({ limits: { commandBurst: 10, commandsPerSecond: 0.001 } });
    const eve = await hostile.enter(transport, { token: "eve", $events: announcement });
    for (let count = 0; count < 40; count++) await hostile.ask(eve, "$heads", {});
    expect(await hostile.ask(eve, "$enter", { room: "quay_q1" })).toEqual({
      ok: false,
      error: { code: "rate_limited", retry_after_ms: expect.any(Number) },
    });
    await hostile.ask(eve, "$heads", {});
    expect(hostile.harbour.io.sockets.adapter.rooms.has("quay_q1")).toBe(false);
    for (let count = 0; count < 10_000 && !eve.ended; count++) {
      eve.send('42["$auth",{"auth":{"token":"eve"}}]');
      if (count % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await eve.end();
    await hostile.unharmed();
  });

  it("of entries and leaves waits no longer than its connection is there, and not without end", async () => {
    const asked: ((verdict: boolean) => void)[] = [];
    await open({ authorize: ({ user }) => user.userId === "healthy" || new Promise((tell) => asked.push(tell)) });
    const eve = await hostile.enter(transport, { token: "eve", $events: announcement });
    for (let id = 1; id <= 128; id++)
      for (const frame of [`["$enter",{"room":"quay_${id}"}]`, `["undock",{"quay_id":"${id}"}]`])
        eve.send(`42${frame}`);
    for (const [name, body] of [
      ["$enter", { room: "quay_q1" }],
      ["undock", { quay_id: "q1" }],
    ] as const)
      expect(await hostile.ask(eve, name, body)).toMatchObject({ error: { code: "rate_limited" } });
    expect(await hostile.ask(eve, "$heads", {})).toHaveProperty("heads");
    eve.send("41");
    await expect.poll(async () => (await hostile.harbour.server.health()).connections).toBe(1);
    asked[0]?.(false);
    await hostile.unharmed();
    expect(asked).toHaveLength(1);
  });

  it("of connections is bounded by user, and a client that replaces its own is not counted twice", async () => {
    await open({ limits: { connectionsPerUser: 3 } });
    for (let count = 0; count < 3; count++)
      await hostile.enter(transport, { token: "eve", $events: { ...announcement, client: `c${count}` } });
    const fourth = await openRaw(hostile.harbour.url, transport);
    fourth.send(`40${JSON.stringify({ token: "eve", $events: { ...announcement, client: "c9" } })}`);
    expect(await fourth.came("44{")).toBe('44{"message":"rate_limited","data":{"code":"rate_limited"}}');
    fourth.close();
    const again = await hostile.enter(transport, { token: "eve", $events: { ...announcement, client: "c1" } });
    await again.came("$hello");
    await hostile.unharmed();
  });

  it("of connections that leave the namespace to be counted no more, and stay on their lines, is cut off", async () => {
    await open({ limits: { connectionsPerUser: 1 } }, { connectTimeout: 1_000 });
    for (let count = 0; count < 3; count++) {
      const eve = await hostile.enter(transport);
      eve.send("41");
      await eve.end();
    }
    await hostile.unharmed();
  });

  it("of connections that the application puts out of the namespace, and that stay on their lines, is cut off", async () => {
    await open({}, { connectTimeout: 1_000 });
    const eve = await hostile.enter(transport);
    hostile.harbour.io.in("sailor_eve").disconnectSockets();
    await eve.end();
    await hostile.unharmed();
  });

  it("of connections that it puts out as they come is cut off as well", async () => {
    await open({}, { connectTimeout: 1_000 });
    hostile.harbour.io.on("connect", (socket) => socket.disconnect());
    const eve = await hostile.enter(transport);
    await eve.end();
    await hostile.unharmed();
  });

  it("of credentials on one connection is closed after a few, and told of once", async () => {
    let judged = 0;
    await open({
      authenticate: ({ auth }) => {
        if (auth.token === "healthy") return { userId: "healthy" };
        judged++;
        return null;
      },
    });
    const eve = await openRaw(hostile.harbour.url, transport);
    // No more than a line may ask for at all, which ends it untold where all of them come in one turn.
    for (let guess = 0; guess < 90; guess++) eve.send(`40{"token":"guess ${guess}"}`);
    await eve.end();
    expect(judged).toBeGreaterThanOrEqual(10);
    expect(judged).toBeLessThan(30);
    const told = hostile.logged.filter(({ fields }) => (fields as { code?: unknown }).code === "rate_limited");
    expect(told.map(({ message }) => message)).toEqual(["connection refused"]);
    await hostile.unharmed();
  });

  it("of credentials in band is judged no faster", async () => {
    let judged = 0;
    await open({
      authenticate: ({ auth }) => {
        judged++;
        return auth.guess ? null : { userId: String(auth.token) };
      },
    });
    const eve = await hostile.enter(transport, { token: "eve", $events: announcement });
    const before = judged;
    const answers: unknown[] = [];
    for (let guess = 1; guess <= 40; guess++) answers.push(await hostile.ask(eve, "$auth", { auth: { guess } }));
    expect(answers[0]).toEqual({ ok: false, error: { code: "unauthenticated" } });
    expect(answers.at(-1)).toEqual({ ok: false, error: { code: "rate_limited" } });
    expect(judged - before).toBeLessThan(30);
    await hostile.unharmed();
  });

  it("of connections that are let in at the same moment is bounded as well", async () => {
    let asked = 0;
    let release: () => void = () => {};
    const all = new Promise<void>((resolve) => {
      release = resolve;
    });
    await open({
      limits: { connectionsPerUser: 3 },
      authenticate: async ({ auth }) => {
        if (auth.token === "mallory" && ++asked < 10) await all;
        else if (auth.token === "mallory") release();
        return { userId: String(auth.token) };
      },
    });
    const clients = await Promise.all(Array.from({ length: 10 }, () => openRaw(hostile.harbour.url, transport)));
    onTestFinished(() => {
      for (const client of clients) client.close();
    });
    for (const client of clients) client.send('40{"token":"mallory"}');
    // Each is let in or refused, and what is let in one too many is closed at once.
    await Promise.all(
      clients.map((client) => Promise.race([client.came("44{"), client.came("41"), client.came("welcomed")])),
    );
    expect(clients.filter(({ frames }) => frames.some((frame) => frame.includes("welcomed")))).toHaveLength(3);
    expect(await hostile.harbour.server.health()).toMatchObject({ connections: 4 });
    await hostile.unharmed();
  });

  it("of handshakes is bounded by address, before any of them is a connection", async () => {
    const options = serverOptions({ origins: [], allowMissingOrigin: true, handshakesPerMinute: 3 });
    await open({}, { allowRequest: options.allowRequest as NonNullable<ServerOptions["allowRequest"]> });
    const ends = [];
    for (let count = 0; count < 4; count++) {
      const client = await openRaw(hostile.harbour.url, transport);
      ends.push(client.ended !== undefined);
      client.close();
    }
    // The healthy one was the first.
    expect(ends).toEqual([false, false, true, true]);
    await hostile.unharmed();
  });
});

it("a flood of names of namespaces that there are not is cut off where its answers are not taken", async () => {
  await open();
  const { io, server, url } = hostile.harbour;
  const eve = new WebSocket(`${url.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`);
  onTestFinished(() => eve.terminate());
  eve.on("error", () => {});
  await once(eve as never, "open");
  eve.send('40{"token":"eve"}');
  await expect.poll(async () => (await server.health()).connections).toBe(2);
  eve.pause();
  let gone = false;
  for (const socket of await io.in("sailor_eve").fetchSockets())
    io.sockets.sockets.get(socket.id)?.on("disconnect", () => {
      gone = true;
    });
  // The network alone takes some megabytes.
  for (let count = 0; count < 10_000 && !gone; count++) {
    eve.send(`40/${"n".repeat(8_000)},`);
    if (count % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await expect.poll(() => gone, { timeout: 10_000 }).toBe(true);
  await hostile.unharmed();
});

it.each(transports)(
  "a stranger's flood of names of namespaces is cut off after a hundred, over %s",
  async (transport) => {
    await open();
    const stranger = await openRaw(hostile.harbour.url, transport);
    // Socket.IO reads a blank as a 0.
    for (let count = 0; count < 110; count++) stranger.send(`4${count % 2 ? " " : "0"}/no-such-${count},`);
    await stranger.end();
    expect(stranger.frames.filter((frame) => frame.includes("Invalid namespace")).length).toBeLessThan(110);
    await hostile.unharmed();
  },
);

it("a line stays while its client is in another namespace", async () => {
  await open();
  const { io } = hostile.harbour;
  io.of("/tower").on("connection", (socket) => socket.on("ask", (answer: (word: string) => void) => answer("here")));
  const eve = await hostile.enter("websocket");
  eve.send("40/tower,");
  await eve.came("40/tower,");
  eve.send("41");
  eve.send('42/tower,1["ask"]');
  expect(await eve.came("43/tower,")).toBe('43/tower,1["here"]');
  await expect.poll(async () => (await hostile.harbour.server.health()).connections).toBe(1);
  expect(eve.ended).toBeUndefined();
});

it("a line stays while its client is on its way into another namespace, and once it is there", async () => {
  await open({}, { connectTimeout: 1_000 });
  const { io } = hostile.harbour;
  let letIn: () => void = () => {};
  const asked = new Promise<void>((resolve) => {
    io.of("/tower").use((_socket, next) => {
      letIn = next;
      resolve();
    });
  });
  const eve = await hostile.enter("websocket");
  eve.send("40/tower,");
  await asked;
  eve.send("41");
  await expect.poll(async () => (await hostile.harbour.server.health()).connections).toBe(1);
  letIn();
  await eve.came("40/tower,");
  // Whoever left after that has had as long.
  const mallory = await hostile.enter("websocket", { token: "mallory" });
  mallory.send("41");
  await mallory.end();
  expect(eve.ended).toBeUndefined();
});

/** A WebSocket as its bytes, which nobody reads where nobody listens. */
function openBare() {
  const socket = connect(Number(new URL(hostile.harbour.url).port), "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  socket.on("error", () => {});
  socket.write(
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
  );
  return socket;
}

describe("case 47: those who read nothing", () => {
  it("are cut where they send WebSocket pings, before their pongs fill the memory", async () => {
    await open();
    const opened = once(hostile.harbour.io.engine as never, "connection");
    const reader = openBare();
    const [line] = await opened;
    const closed = once(line as never, "close").then(() => true);
    const ping = Buffer.concat([Buffer.from([0x89, 0xfd, 0, 0, 0, 0]), Buffer.alloc(125)]);
    const pings = Buffer.concat(Array.from({ length: 1_000 }, () => ping));
    const mostBytes = 64 * 1024 * 1024;
    let sent = 0;
    let isClosed = false;
    while (!isClosed && sent < mostBytes) {
      sent += pings.length;
      const drained = new Promise<false>((resolve) => reader.write(pings, () => resolve(false)));
      isClosed = await Promise.race([closed, drained]);
    }
    expect(isClosed, `${sent} bytes of pings`).toBe(true);
    await hostile.unharmed();
  });
});

describe("case 47: those who say nothing", () => {
  it("are closed after the connect timeout: 500 that never give a credential, and one that trickles a frame", async () => {
    await open({}, { connectTimeout: 1_000 });
    const idle = await Promise.all(Array.from({ length: 500 }, () => openRaw(hostile.harbour.url, "websocket")));
    const trickle = openBare();
    let closing = false;
    trickle.on("data", (data) => {
      // Engine.IO's word that it is over, and a closing frame, which this one never answers.
      if (data.includes(0x88)) closing = true;
    });
    // The head of a frame of 65,535 bytes, and then one of them now and then.
    trickle.write(Buffer.from([0x81, 0xfe, 0xff, 0xff, 1, 2, 3, 4]));
    const slowly = setInterval(() => trickle.write("x"), 100);
    onTestFinished(() => clearInterval(slowly));
    await Promise.all(idle.map((client) => client.end()));
    await expect.poll(() => closing, { timeout: 10_000 }).toBe(true);
    expect(hostile.harbour.io.engine.clientsCount).toBeLessThanOrEqual(2);
    await hostile.unharmed();
  });
});

describe("an origin", () => {
  it.each(transports)(
    "that is not listed gets no connection, over %s: CORS alone would not keep it out",
    async (transport) => {
      const { allowRequest } = serverOptions({ origins: ["https://play.example"], allowMissingOrigin: true });
      await open({}, { allowRequest: allowRequest as NonNullable<ServerOptions["allowRequest"]> });
      for (const origin of ["https://evil.example", "null", "https://play.example.evil.example", "http://play.example"])
        expect((await openRaw(hostile.harbour.url, transport, { origin })).ended).toBeDefined();
      const listed = await openRaw(hostile.harbour.url, transport, { origin: "https://play.example" });
      expect(listed.ended).toBeUndefined();
      listed.close();
      await hostile.unharmed();
    },
  );
});

describe("a Socket.IO server", () => {
  const safe = serverOptions({ origins: ["https://play.example"] });
  const make = (options: Partial<ServerOptions>, allowUnsafe: UnsafeOption[] = []) =>
    createEventServer(new Server(createServer(), options), {
      contract,
      authenticate: () => ({ userId: "ada" }),
      authorize: () => true,
      allowUnsafe,
    });
  const weaker: [UnsafeOption, Partial<ServerOptions>][] = [
    ["maxHttpBufferSize", { maxHttpBufferSize: 65_537 }],
    ["maxHttpBufferSize", serverOptions({ origins: [], maxFrameBytes: 0 })],
    ["maxHttpBufferSize", { maxHttpBufferSize: 0.5 }],
    ["connectTimeout", { connectTimeout: 10_001 }],
    ["allowEIO3", { allowEIO3: true }],
    ["perMessageDeflate", { perMessageDeflate: true }],
    ["perMessageDeflate", { perMessageDeflate: { threshold: 1_024 } }],
    ["connectionStateRecovery", { connectionStateRecovery: {} as never }],
    ["allowRequest", { allowRequest: (_request, decide) => decide(null, true) }],
    ["cors", { cors: { origin: "*" } }],
    ["cors", { cors: { origin: true } }],
    ["cors", { cors: { origin: /example/ } }],
    ["cors", { cors: { origin: ["https://play.example", "*"] } }],
    ["cors", { cors: { credentials: true } }],
  ];

  it.each(weaker)("is refused for its %s unless that is allowed: %j", async (name, option) => {
    const refusal = expect.objectContaining({
      code: "unsafe_server_options",
      message: expect.stringContaining(`${name} (`),
    });
    expect(() => make({ ...safe, ...option })).toThrow(refusal);
    expect(() => make({ ...safe, ...option }, ["cors", "allowEIO3"].filter((each) => each !== name) as never)).toThrow(
      refusal,
    );
    await make({ ...safe, ...option }, [name]).close();
  });

  it("is taken as serverOptions makes it, and refused with every weak option named where it was made without", async () => {
    await make(safe).close();
    await make({ ...safe, maxHttpBufferSize: 1_000, connectTimeout: 1_000 }).close();
    let message = "";
    try {
      make({});
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message.match(/\w+(?= \((?!docs))/g)).toEqual(["allowRequest", "maxHttpBufferSize", "connectTimeout"]);
  });

  it("that is attached later is judged by what it was attached with, before anybody is let in", async () => {
    const io = new Server(safe);
    const caught: unknown[] = [];
    const server = createEventServer(io, {
      contract,
      authenticate: () => ({ userId: "ada" }),
      authorize: () => true,
      onError: (error) => caught.push(error),
    });
    const http = createServer();
    io.attach(http, { allowUpgrades: false });
    (io.engine as unknown as { opts: ServerOptions }).opts.allowEIO3 = true;
    closedAtEnd(io);
    closedAtEnd(server);
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    const client = await openRaw(`http://127.0.0.1:${(http.address() as AddressInfo).port}`, "websocket", {
      origin: "https://play.example",
    });
    client.send("40");
    expect(await client.came("44{")).toBe('44{"message":"internal","data":{"code":"internal"}}');
    client.close();
    expect(caught).toEqual([expect.objectContaining({ code: "unsafe_server_options" })]);
  });
});
