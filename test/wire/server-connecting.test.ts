import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { performance } from "node:perf_hooks";
import { ContractError } from "@gestaloka/events";
import { createEventClient } from "@gestaloka/events/client";
import { createEventServer, serverOptions } from "@gestaloka/events/server";
import { Registry } from "prom-client";
import { Server, type Socket } from "socket.io";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { unknownSid } from "../../src/delivery/unknown-session.js";
import { contract } from "../fixtures/contract.js";
import { createPeer, type Harbour, once, openHarbour } from "../support/harbour-server.js";

let harbour: Harbour | undefined;
afterEach(async () => {
  await harbour?.close();
  harbour = undefined;
});

describe("connecting", () => {
  it("refuses a connection without a credential with a code and nothing more", async () => {
    harbour = await openHarbour();
    const peer = createPeer(harbour.url, {});
    const [error] = (await once(peer.socket, "connect_error")) as [Error & { data: unknown }];
    expect(error.message).toBe("unauthenticated");
    expect(error.data).toEqual({ code: "unauthenticated" });
    peer.socket.disconnect();
  });

  it("refuses like that where authenticate throws, and tells nobody but the application why", async () => {
    const caught: unknown[] = [];
    harbour = await openHarbour({
      authenticate: () => {
        throw new Error("password of the database");
      },
      onError: (error) => caught.push(error),
    });
    const peer = harbour.plain("ada");
    const [error] = (await once(peer.socket, "connect_error")) as [Error & { data: unknown }];
    expect(JSON.stringify([error.message, error.data])).not.toContain("password");
    expect(error.data).toEqual({ code: "unauthenticated" });
    expect(String(caught[0])).toContain("password");
  });

  it("refuses a credential that has ended, and an announced contract of another name or major", async () => {
    harbour = await openHarbour({
      authenticate: ({ auth }) =>
        auth.token === "late" ? { userId: "late", expiresAt: Date.now() - 1 } : { userId: String(auth.token) },
    });
    const peers = [
      harbour.plain("late"),
      harbour.announced("ada", { contract: "harbour@2.0.0" }),
      harbour.announced("ada", { contract: "shipyard@1.0.0" }),
    ];
    // They may be told in any order.
    const told = (await Promise.all(peers.map(({ socket }) => once(socket, "connect_error")))) as [
      { data: { code: string } },
    ][];
    expect(told.map(([error]) => error.data.code)).toEqual([
      "credential_expired",
      "version_mismatch",
      "version_mismatch",
    ]);
  });

  it("tells the application of a user whose id cannot be one: its logs show more than that somebody was refused", async () => {
    const caught: unknown[] = [];
    harbour = await openHarbour({
      authenticate: ({ auth }) => ({ userId: Number(auth.token) as never }),
      onError: (error, context) => caught.push([error, context]),
    });
    const [error] = (await once(harbour.plain("7").socket, "connect_error")) as [{ data: unknown }];
    expect(error.data).toEqual({ code: "unauthenticated" });
    expect(caught).toEqual([
      [
        expect.objectContaining({ code: "room_invalid", message: expect.stringContaining("userId") }),
        { during: "authenticate" },
      ],
    ]);
  });

  it.each([
    ["in seconds", () => Math.floor(Date.now() / 1_000) + 3_600, "write Unix ms"],
    ["a date's text", () => new Date(Date.now() + 3_600_000).toISOString() as never, "no number; write Unix ms"],
    ["a database's bigint", () => BigInt(Date.now() + 3_600_000) as never, "no number; write Unix ms"],
    ["a date", () => new Date(Date.now() + 3_600_000) as never, "no number; write Unix ms"],
  ])("tells the application of a credential whose end is %s: nobody could ever connect", async (_, end, words) => {
    const caught: unknown[] = [];
    harbour = await openHarbour({
      authenticate: () => ({ userId: "ada", expiresAt: end() }),
      onError: (error) => caught.push(error),
    });
    const [error] = (await once(harbour.plain("ada").socket, "connect_error")) as [{ data: unknown }];
    expect(error.data).toEqual({ code: "credential_expired" });
    expect(caught).toEqual([expect.objectContaining({ message: expect.stringContaining(words) })]);
  });

  it("knows a connection by the id it was let in with, whatever becomes of the session that authenticate gave", async () => {
    const sessions: { userId: string }[] = [];
    harbour = await openHarbour({
      presenceGraceMs: 0,
      limits: { connectionsPerUser: 1 },
      authenticate: () => sessions[sessions.push({ userId: "ada" }) - 1],
    });
    for (const other of ["bob", undefined, null]) {
      const { socket } = harbour.plain("ada");
      await socket.emitWithAck("dock", { quay_id: "q1" });
      (sessions.at(-1) as { userId: unknown }).userId = other;
      const gone = once(socket, "disconnect");
      await harbour.server.disconnectUser("ada");
      await gone;
      await expect.poll(() => harbour?.server.members("quay_q1")).toEqual([]);
    }
  });

  it("logs why a handshake was refused, as it is answered, once a second and until it is closed", async () => {
    const lines: unknown[] = [];
    const warn = (fields: object, message: string) => lines.push({ message, ...fields });
    harbour = await openHarbour(
      { logger: { debug() {}, info() {}, warn, error() {} } },
      serverOptions({ origins: ["https://harbour.example"], allowMissingOrigin: true, handshakesPerMinute: 0 }),
    );
    const ask = (query: string, headers = {}) =>
      fetch(`${harbour?.url}/socket.io/?EIO=4&transport=polling${query}`, { headers });
    // A client's question whether the server is slow is no handshake.
    expect((await ask(`&sid=${unknownSid}`)).status).toBe(400);
    // The second passes when the test says so.
    const began = performance.now();
    const passed = vi.spyOn(performance, "now").mockReturnValue(began);
    onTestFinished(() => passed.mockRestore());
    const answer = await ask("", { origin: "https://harbor.example" });
    expect([answer.status, await answer.json()]).toEqual([403, { code: 4, message: "origin not listed" }]);
    await ask("&sid=unknown");
    const refused = { message: "handshake refused", address: "127.0.0.1" };
    expect(lines).toEqual([
      { ...refused, code: "connection_failed", reason: "origin not listed", origin: "https://harbor.example" },
    ]);
    passed.mockReturnValue(began + 1_500);
    await ask("&sid=unknown");
    passed.mockReturnValue(began + 3_000);
    await ask("");
    passed.mockRestore();
    expect(lines[1]).toEqual({
      ...refused,
      code: "sticky_session",
      reason: "Session ID unknown",
      origin: undefined,
      others: 1,
    });
    expect(lines[2]).toEqual({ ...refused, code: "connection_failed", reason: "too many handshakes" });
    await harbour.server.close();
    expect(harbour.io.engine.listenerCount("connection_error")).toBe(0);
  });

  it("logs them also where it is attached later, and once of all that serve its namespaces until the last is closed", async () => {
    const lines: unknown[] = [];
    const warned: string[] = [];
    const onWarning = ({ name }: Error) => warned.push(name);
    process.on("warning", onWarning);
    onTestFinished(() => void process.off("warning", onWarning));
    const io = new Server(serverOptions({ origins: ["https://harbour.example"] }));
    onTestFinished(() => io.close());
    const serve = (name: string) => {
      const warn = (fields: object) => lines.push({ name, ...fields });
      const logger = { debug() {}, info() {}, warn, error() {} };
      const options = { contract, authenticate: () => null, authorize: () => true };
      // Node warns of more than 10 that listen.
      return createEventServer(io.of(name), name === "/silent" ? options : { ...options, logger });
    };
    const early = ["/silent", "/early", "/second"].map(serve);
    await early[1]?.close();
    const http = createServer();
    io.attach(http);
    const late = Array.from({ length: 10 }, (_, i) => serve(`/late-${i}`));
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/socket.io/?EIO=4&transport=polling`;
    await fetch(url, { headers: { origin: "https://harbor.example" } });
    const refused = { reason: "origin not listed", address: "127.0.0.1" };
    expect(lines).toEqual([expect.objectContaining({ name: "/second", ...refused })]);
    await early[2]?.close();
    const passed = vi.spyOn(performance, "now").mockReturnValue(performance.now() + 1_000);
    await fetch(url);
    passed.mockRestore();
    expect(lines[1]).toMatchObject({ name: "/late-0", reason: "no origin" });
    for (const server of [...early, ...late]) await server.close();
    expect(io.engine.listenerCount("connection_error")).toBe(0);
    expect(warned).toEqual([]);
  });

  it("logs which contract a client speaks that is refused for it", async () => {
    const lines: unknown[] = [];
    const warn = (fields: object) => lines.push(fields);
    harbour = await openHarbour({ logger: { debug() {}, info() {}, warn, error() {} } });
    await once(harbour.announced("ada", { contract: "harbour@2.0.0" }).socket, "connect_error");
    await once(harbour.announced("ada", { contract: "ada@harbour.example" }).socket, "connect_error");
    expect(lines).toEqual(
      ["harbour@2.0.0", "[address]"].map((contract) => expect.objectContaining({ code: "version_mismatch", contract })),
    );
  });

  it("does not start on what is no Socket.IO server, or with what is no contract", () => {
    const io = new Server(serverOptions({ origins: [] }));
    const options = { contract, authenticate: () => null, authorize: () => true };
    for (const [host, given, what] of [
      [undefined, options, "give a Server of socket.io"],
      [createServer(), options, "give a Server of socket.io"],
      [io, undefined, "give contract"],
      [io, { ...options, contract: undefined }, "give contract"],
      [io, { ...options, contract: { default: contract } }, "not the module that exports it"],
      [io, { ...options, contract: JSON.parse(JSON.stringify(contract)) }, "no snapshot"],
    ] as const)
      expect(() => createEventServer(host as never, given as never)).toThrow(
        expect.objectContaining({ code: "contract_invalid", message: expect.stringContaining(what) }),
      );
    for (const backend of [null, {}, { client: "redis" }])
      expect(() => createEventServer(io, { ...options, backend: backend as never })).toThrow(
        expect.objectContaining({ code: "backend_invalid" }),
      );
  });

  it("does not start with an option of another kind, and leaves nothing half done", () => {
    const io = new Server(serverOptions({ origins: [] }));
    const options = { contract, authenticate: () => null, authorize: () => true };
    for (const [given, what] of [
      [{ logger: console.log }, "logger: give an object with debug, info, warn and error"],
      [{ metrics: new Registry() }, "metrics: give what memoryMetrics, prometheusMetrics or openTelemetryMetrics made"],
      [{ metrics: 0 }, "metrics: give what"],
      [{ onError: "console.error" }, "onError: give a function"],
      [{ errorText: {} }, "errorText: give a function"],
      [{ allowUnsafe: true }, "allowUnsafe: give a list"],
      [{ debug: "false" }, 'debug: give true, false or "forced"'],
      [{ throwOnInvalid: "false" }, "throwOnInvalid: give true or false"],
      [{ commandTimeoutMs: "30s" }, "commandTimeoutMs: give a number of ms"],
      [{ presenceGraceMs: "5s" }, "presenceGraceMs: give a number of ms"],
      [{ limits: 7 }, "limits: write an object"],
      [{ limits: { connectionsPerUser: "many" } }, "limits.connectionsPerUser: write a number, at least 0"],
    ] as const)
      expect(() => createEventServer(io, { ...options, ...(given as object) }), what).toThrow(
        expect.objectContaining({ code: "contract_invalid", message: expect.stringContaining(what) }),
      );
    const told = { logger: null, metrics: null, onError: null, errorText: null, allowUnsafe: null, limits: null };
    const unset = { ...told, debug: null, throwOnInvalid: null, commandTimeoutMs: Number.NaN, presenceGraceMs: null };
    expect(() => createEventServer(io, { ...options, ...(unset as object) })).not.toThrow();
  });

  it("takes what stands for a Socket.IO server, as one that a framework wraps", () => {
    const io = new Server(serverOptions({ origins: [] }));
    const wrapped = { sockets: io.sockets, engine: undefined, of: (name: string) => io.of(name) };
    expect(() =>
      createEventServer(wrapped, { contract, authenticate: () => null, authorize: () => true }),
    ).not.toThrow();
  });

  it("serves a namespace once: of two servers one would read what the other has taken", async () => {
    harbour = await openHarbour();
    const { io } = harbour;
    const serve = (host: Parameters<typeof createEventServer>[0]) =>
      createEventServer(host, { contract, authenticate: () => null, authorize: () => true });
    for (const host of [io, io.of("/")])
      expect(() => serve(host)).toThrow(expect.objectContaining({ code: "already_handled" }));
    await serve(io.of("/another")).close();
  });

  it("has whoever came before it serves come again, and asks them for a credential", async () => {
    const io = new Server(0, serverOptions({ origins: [], allowMissingOrigin: true }));
    const url = `http://127.0.0.1:${(io.httpServer.address() as AddressInfo).port}`;
    const client = createEventClient(url, { contract, auth: { token: "ada" }, helloTimeoutMs: 60_000 });
    const stranger = createPeer(url, {}, { reconnection: true, reconnectionDelay: 1 });
    await expect.poll(() => io.sockets.sockets.size).toBe(2);
    const refused = once(stranger.socket, "connect_error");
    const authenticate = ({ auth }: { readonly auth: { readonly token?: unknown } }) =>
      typeof auth.token === "string" ? { userId: auth.token } : null;
    const server = createEventServer(io, { contract, authenticate, authorize: () => true });
    onTestFinished(async () => {
      client.close();
      stranger.socket.disconnect();
      await server.close();
      await io.close();
    });
    await client.join("quay_q1");
    expect(client.connection.getSnapshot()).toMatchObject({ mode: "announced", userId: "ada" });
    expect(await refused).toMatchObject([{ data: { code: "unauthenticated" } }]);
  });

  it("lets nobody in whose credential is still being judged as the server closes", async () => {
    let judge: (user: { userId: string }) => void = () => {};
    const asked = new Promise<void>((resolve) => {
      const authenticate = () => {
        resolve();
        return new Promise<{ userId: string }>((judged) => {
          judge = judged;
        });
      };
      void openHarbour({ authenticate }).then((opened) => {
        harbour = opened;
        opened.announced("ada").socket.on("connect_error", (error) => refusals.push(error.message));
      });
    });
    const refusals: string[] = [];
    await asked;
    await harbour?.server.close();
    judge({ userId: "ada" });
    await expect.poll(() => refusals).toEqual(["server_closing"]);
  });

  it("serves nobody whom the application puts out as they connect", async () => {
    harbour = await openHarbour();
    harbour.io.on("connect", (socket) => socket.disconnect(true));
    const peers = [harbour.announced("ada"), harbour.plain("bob")];
    await Promise.all(peers.map(({ socket }) => once(socket, "disconnect")));
    expect(await harbour.server.health()).toMatchObject({ connections: 0, rooms: 0 });
  });

  it.each(["before", "behind"] as const)(
    "counts a connection out once where a listener %s the library's throws as it goes",
    async (place) => {
      harbour = await openHarbour();
      const listen = (socket: Socket) =>
        socket.once("disconnecting", () => {
          throw new Error("broken");
        });
      if (place === "before") harbour.io.sockets.prependListener("connection", listen);
      else harbour.io.on("connection", listen);
      const ada = harbour.announced("ada");
      await ada.got("$hello");
      const socket = harbour.io.sockets.sockets.get(ada.socket.id as string) as Socket;
      expect(() => socket.disconnect()).toThrow("broken");
      expect(await harbour.server.health()).toMatchObject({ connections: 0, rooms: 0 });
      const gone = once(socket as never, "disconnect");
      ada.socket.disconnect();
      await gone;
      expect(await harbour.server.health()).toMatchObject({ connections: 0, rooms: 0 });
    },
  );

  it("leaves no timer at a line that is gone with its connection: no process would end before it", async () => {
    harbour = await openHarbour();
    const peers = [harbour.announced("ada"), harbour.plain("bob")];
    await Promise.all(peers.map((peer) => peer.got("welcomed")));
    const lines = [...harbour.io.sockets.sockets.values()].map(
      ({ client }) => client as unknown as { connectTimeout?: unknown },
    );
    const gone = peers.map(({ socket }) => once(socket, "disconnect"));
    for (const userId of ["ada", "bob"]) await harbour.server.disconnectUser(userId);
    await Promise.all(gone);
    expect(lines.map(({ connectTimeout }) => connectTimeout)).toEqual([undefined, undefined]);
  });

  it("closes all connections of a user though a listener of the application throws as the first goes", async () => {
    const caught: unknown[] = [];
    harbour = await openHarbour({ onError: (error, about) => caught.push([(error as Error).message, about]) });
    let told = false;
    harbour.io.on("connection", (socket) => {
      socket.on("disconnecting", () => {
        const isFirst = !told;
        told = true;
        if (isFirst) throw new Error("broken");
      });
    });
    const peers = [harbour.announced("ada"), harbour.announced("ada")];
    await Promise.all(peers.map((peer) => peer.got("$hello")));
    const gone = peers.map(({ socket }) => once(socket, "disconnect"));
    await harbour.server.disconnectUser("ada");
    await Promise.all(gone);
    expect(caught).toEqual([["broken", { during: "close", userId: "ada" }]]);
  });

  it.each([1, 2, 3])(
    "lets another connection in for each that ends, where a user may have %i",
    async (connectionsPerUser) => {
      harbour = await openHarbour({ limits: { connectionsPerUser } });
      const { io } = harbour;
      const open = (client: string) => (harbour as Harbour).announced("ada", { client });
      const peers = Array.from({ length: connectionsPerUser }, (_, at) => open(`c${at}`));
      await Promise.all(peers.map((peer) => peer.got("$hello")));
      peers[0]?.socket.disconnect();
      await expect.poll(() => io.of("/").sockets.size).toBe(connectionsPerUser - 1);
      await open("c8").got("$hello");
      const [refused] = await once(open("c9").socket, "connect_error");
      expect(refused).toMatchObject({ data: { code: "rate_limited" } });
    },
  );

  it("lets nobody in whom the application's own middleware still looks at as the server closes", async () => {
    harbour = await openHarbour();
    const { io, server } = harbour;
    const passes: (() => void)[] = [];
    io.use((_socket, next) => void passes.push(next));
    const peers = [harbour.announced("ada"), harbour.plain("bob", { reconnection: true })];
    const gone = Promise.all(peers.map(({ socket }) => once(socket, "disconnect")));
    await expect.poll(() => passes).toHaveLength(2);
    await server.close();
    for (const pass of passes) pass();
    await gone;
    // One of Socket.IO alone comes back by itself.
    expect(peers[1]?.socket.active).toBe(true);
    expect(peers.map(({ events }) => events)).toEqual([
      [["$bye", { code: "server_closing", retry_after_ms: 0, spread_ms: 0 }]],
      [],
    ]);
    expect((await server.health()).connections).toBe(0);
  });

  it("gives the application the client's auth without the library's own part", async () => {
    let seen: unknown;
    harbour = await openHarbour({
      authenticate: ({ auth }) => {
        seen = auth;
        return { userId: "ada" };
      },
    });
    await harbour.announced("ada").got("$hello");
    expect(seen).toEqual({ token: "ada" });
  });

  it("says $hello to an announced client before anything else, and greets both kinds of peers", async () => {
    harbour = await openHarbour();
    const announced = harbour.announced("ada", { contract: "harbour@1.9.0" });
    await announced.got("welcomed");
    expect(announced.events.map(([name]) => name)).toEqual(["$hello", "welcomed"]);
    const [hello] = announced.named("$hello")[0] as [Record<string, unknown>];
    expect(hello).toMatchObject({
      v: 1,
      contract: "harbour@1.0.0",
      user_id: "ada",
      rooms: [{ room: "sailor_ada", seq: 0, recovered: false }],
    });
    const plain = harbour.plain("bob");
    await plain.got("welcomed");
    expect(plain.events).toEqual([["welcomed", { sid: plain.socket.id }]]);
  });

  it("says $hello before what the application tells a socket as it connects, and after it in the order of emits", async () => {
    harbour = await openHarbour();
    const { io, server } = harbour;
    io.on("connection", ({ id }) => {
      for (const quay_id of ["q1", "q2"]) void server.to.socket(id).emit("docked", { quay_id });
    });
    const peers = [harbour.announced("ada"), harbour.plain("bob")];
    await Promise.all(peers.map((peer) => peer.got("welcomed")));
    expect(peers.map(({ events }) => events.map(([name]) => name))).toEqual([
      ["$hello", "docked", "docked", "welcomed"],
      ["docked", "docked", "welcomed"],
    ]);
    expect(peers[0]?.named("docked")).toMatchObject([
      [{ quay_id: "q1" }, {}],
      [{ quay_id: "q2" }, {}],
    ]);
  });

  it("takes a malformed announcement for a plain peer's", async () => {
    harbour = await openHarbour();
    for (const $events of [
      1,
      null,
      [],
      { v: 2, contract: "harbour@1.0.0", client: "c" },
      { v: 1, contract: 5, client: "c" },
      { v: 1, contract: "harbour@1.0.0", client: "a b" },
    ]) {
      const peer = createPeer(harbour.url, { token: "ada", $events });
      await peer.got("welcomed");
      expect(peer.events.map(([name]) => name)).toEqual(["welcomed"]);
      peer.socket.disconnect();
    }
  });

  it("puts a connection into its user's room as soon as it is authenticated", async () => {
    harbour = await openHarbour();
    const peer = harbour.plain("ada");
    await peer.got("welcomed");
    expect((await harbour.io.in("sailor_ada").fetchSockets()).map((socket) => socket.id)).toEqual([peer.socket.id]);
    const result = await harbour.server.to.sailor("ada").emit("letter_came", { kind: "text", text: "hello" });
    expect(result).toMatchObject({ ok: true });
    expect(await peer.got("letter_came")).toEqual([{ kind: "text", text: "hello" }]);
  });

  it("serves a namespace of its own", async () => {
    harbour = await openHarbour({}, {}, "/quays");
    const [plain, announced] = [harbour.plain("ada"), harbour.announced("ada")];
    await Promise.all([plain.got("welcomed"), announced.got("welcomed")]);
    await harbour.server.to.sailor("ada").emit("letter_came", { kind: "text", text: "hello" });
    expect(await plain.got("letter_came")).toHaveLength(1);
    expect(await announced.got("letter_came")).toHaveLength(2);
  });

  it("listens to the lines of a server once, however many of its namespaces are served", async () => {
    harbour = await openHarbour();
    const { io } = harbour;
    const count = io.engine.listenerCount("connection");
    createEventServer(io.of("/quays"), { contract, authenticate: () => ({ userId: "ada" }), authorize: () => true });
    expect(io.engine.listenerCount("connection")).toBe(count);
  });

  it("answers the handshakes of a crowd before it lets the crowd in: a client gives up on one that is not answered", async () => {
    const crowd = 100;
    let judged = 0;
    let opened = 0;
    let judgedWhenAllWereOpen: number | undefined;
    harbour = await openHarbour({
      authenticate: ({ auth }) => {
        judged++;
        return { userId: String(auth.token) };
      },
    });
    harbour.io.engine.on("connection", () => {
      if (++opened === crowd) judgedWhenAllWereOpen = judged;
    });
    const { plain } = harbour;
    const peers = Array.from({ length: crowd }, (_, index) => plain(`sailor-${index}`));
    await Promise.all(peers.map((peer) => peer.got("welcomed")));
    expect(judged).toBe(crowd);
    expect(judgedWhenAllWereOpen).toBeLessThan(crowd / 2);
  });

  it("does not start on the namespaces of a pattern, whose connections it would not see", () => {
    const options = { contract, authenticate: () => ({ userId: "ada" }), authorize: () => true };
    const io = new Server(serverOptions({ origins: [] }));
    expect(() => createEventServer(io.of(/^\/quays-\d+$/), options)).toThrow(/serve each by its name/);
    expect(() => createEventServer(io.of("/quays-1"), options)).not.toThrow();
  });

  it("does not start where clients can join rooms and nobody says who may", () => {
    const io = new Server();
    expect(() => createEventServer(io, { contract, authenticate: () => ({ userId: "ada" }) })).toThrow(ContractError);
    expect(() => createEventServer(io, { contract, authorize: () => true } as never)).toThrow(/authenticate/);
  });
});
