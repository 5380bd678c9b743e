import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { CommandError, createEventClient } from "@gestaloka/events/client";
import {
  type AuthenticatedUser,
  createEventServer,
  type EventServer,
  memoryBackend,
  serverOptions,
} from "@gestaloka/events/server";
import { Server } from "socket.io";
import { NodeWebSocket } from "socket.io-client";
import { contract } from "../fixtures/contract.js";
import { startFaultProxy } from "../support/fault-proxy.js";
import { Expected } from "./expected.js";
import { heal, isAnswered, type Linked, type Types } from "./links.js";

/** So few events a log keeps that runs meet its end. */
export const kept = 6;
/** And so few rooms that a handful of others makes it forget one. */
const keptRooms = 8;
const captain = "x".repeat(20_000);
/** How long a server that is known to announce itself may take, ms. */
const patienceMs = 180;
/** How long a connection outlives its credential, ms. */
const graceMs = 160;
/** So many credentials back a client may be judged by, where a connection that it gave up asks still. */
const judgedBy = 3;

/** Each has a client; Ada has another one on her second device. */
export const users = ["ada", "bob", "ada on deck"] as const;
const userIdOf = (user: UserName) => user.split(" ")[0] as string;
export const quays = ["p", "q"] as const;
export type UserName = (typeof users)[number];
export type Quay = (typeof quays)[number];

interface Sailor extends Linked {
  /** What its client reads and writes. */
  readonly links: Set<Link>;
}

/** Whoever brought a credential, by the name of its client. */
interface Bearer extends AuthenticatedUser {
  readonly name: UserName;
}

/** A WebSocket, as far as a client's transport and the world look at it. */
interface Link {
  onclose: ((event: object) => void) | undefined;
  addEventListener(name: "message", heard: (message: { readonly data: unknown }) => void): void;
}

/** A real server and three real clients, each behind a link that can be harmed, and what must come of it. */
export class World {
  readonly expected = new Expected();
  readonly sailors = new Map<UserName, Sailor>();
  /** Handlers that were started, by command. */
  readonly started = new Map<number, number>();
  /** What commands came to; the server that was running as each was sent. */
  readonly sent: {
    readonly crates: number;
    readonly outcome: Promise<string>;
    readonly server: number;
    readonly mayExpire: boolean;
  }[] = [];
  /** Events of each room since everybody had caught up. */
  readonly sinceSettled = new Map<Quay, number>();
  private readonly denied = new Set<string>();
  private streams: Promise<void>[] = [];
  private readonly sockets = new Set<Socket>();
  private io: Server | undefined;
  private server: EventServer<Types, Bearer> | undefined;
  private port = 0;
  private servers = 0;
  /** A server took so long to announce itself that it was taken for a plain one, whose commands cannot be written again. */
  wasLate = false;
  /** How long the server takes to receive a connection, ms. */
  private welcomeMs = 0;
  private others = 0;
  /** How long the credentials of a user live that are judged from now on, ms. */
  private readonly lives = new Map<string, number>();
  /** Called as it is known, and nobody was told yet, what a user may in a room. */
  private readonly judged = new Map<string, () => void>();
  /** Who gets no other credential in band. */
  private readonly barred = new Set<UserName>();
  /** When the credentials of each client end, Unix ms, the last one first. */
  private readonly given = new Map<UserName, number[]>();
  /** Why each connection ended that was there as a server was asked to close. */
  private readonly ends = new Map<UserName, string>();

  static async open(): Promise<World> {
    const world = new World();
    await world.serve();
    for (const user of users) {
      const proxy = await startFaultProxy(world.port);
      const links = new Set<Link>();
      const client = createEventClient(proxy.url, {
        contract,
        auth: () => ({ token: user, isInBand: world.isConnected(user) }),
        headsIntervalMs: 150,
        handshakeTimeoutMs: 500,
        helloTimeoutMs: patienceMs / 15,
        socket: { transports: [watched(links, (text) => world.written(user, text))] },
        onError() {},
      });
      // A machine that has other work may make a server late as well as the drawn step does.
      client.connection.subscribe(() => {
        if (client.connection.getSnapshot().mode === "plain") world.takenForPlain(user);
      });
      client.on("ship:loaded", ({ crates, note }) => world.expected.handled(user, note as Quay, crates));
      client.on("tide:turned", ({ level }, { room }) => world.expected.rose(user, quayOf(room), level));
      client.on("gull:seen", ({ count }, { room }) => world.expected.saw(user, quayOf(room), count));
      client.on("ws:resync", ({ room, reason }) => {
        const quay = quayOf(room);
        if (quays.includes(quay)) world.expected.resynced(user, quay, reason);
      });
      client.on("ws:disconnected", ({ reason }) => world.ended(user, reason));
      client.on("ws:room-closed", ({ room }) => world.expected.closed(user, quayOf(room)));
      world.sailors.set(user, { client, proxy, links });
    }
    return world;
  }

  /** Lets something go on beside what follows. */
  during(stream: Promise<void>): void {
    this.streams.push(stream);
  }

  /** Waits for what goes on. */
  async streamed(): Promise<void> {
    await Promise.all(this.streams.splice(0));
  }

  sailor(user: UserName): Sailor {
    return this.sailors.get(user) as Sailor;
  }

  isConnected(user: UserName): boolean {
    return this.sailor(user).client.connection.getSnapshot().status === "connected";
  }

  /** `isLarge`: what one misses of several is more than follows the answer to an entry by itself. */
  async publish(quay: Quay, count: number, isLarge = false): Promise<void> {
    const emits = [];
    for (let index = 0; index < count; index++) {
      const n = this.expected.publishing(
        quay,
        users.filter((user) => this.isDenied(user, quay)),
      );
      emits.push(
        this.target(quay).emit("ship_loaded", {
          ship_id: "s",
          cargo: "tea",
          crates: n,
          added: 1,
          manifest: isLarge ? { captain } : {},
          note: quay,
        }),
      );
    }
    for (const { ok } of await Promise.all(emits)) if (!ok) throw new Error("an emit was refused");
  }

  /** A state of which the last one counts, so often, and what is nothing to wait for. */
  async turn(quay: Quay, count: number): Promise<void> {
    const emits = [];
    for (let index = 0; index < count; index++) {
      const level = this.expected.turning(quay);
      emits.push(this.target(quay).emit("tide_turned", { level }));
      emits.push(this.target(quay).emit("gull_seen", { count: level }));
      await pause(Math.random() * 4);
    }
    for (const { ok } of await Promise.all(emits)) if (!ok) throw new Error("an emit was refused");
  }

  async join(user: UserName, quay: Quay): Promise<void> {
    this.expected.joining(user, quay);
    const joined = this.sailor(user)
      .client.join(contract.rooms.quay(quay))
      .then(
        () => this.expected.joined(user, quay),
        () => this.expected.closed(user, quay),
      );
    if (this.isConnected(user)) await within(3_000, joined);
  }

  async leave(user: UserName, quay: Quay): Promise<void> {
    this.expected.leaving(user, quay);
    await within(3_000, this.sailor(user).client.leave(contract.rooms.quay(quay)));
    this.expected.left(user, quay);
  }

  async revoke(user: UserName, quay: Quay): Promise<void> {
    this.denied.add(`${userIdOf(user)} ${quay}`);
    for (const each of users) if (userIdOf(each) === userIdOf(user)) this.expected.excuse(each, quay);
    await this.server?.revoke(userIdOf(user), contract.rooms.quay(quay));
  }

  /** Settles as it is judged what the user may there, and the answer is on its way, or after a while. */
  async whenJudged(user: UserName, quay: Quay): Promise<void> {
    await within(100, new Promise((resolve) => this.judged.set(`${user} ${quay}`, resolve)));
    this.judged.clear();
  }

  grant(user: UserName, quay: Quay): void {
    this.denied.delete(`${userIdOf(user)} ${quay}`);
  }

  isDenied(user: UserName, quay: Quay): boolean {
    return this.denied.has(`${userIdOf(user)} ${quay}`);
  }

  /** Its next credential ends after so long, and no other is taken in band: it is closed for that. */
  async outlive(user: UserName, ms: number): Promise<void> {
    await this.calm();
    this.barred.add(user);
    this.replace(user, ms);
    await this.until(() => {
      this.reconnect(user);
      return this.ends.get(user) === "credential_expired";
    }, `${user} is closed for a credential that ended`);
    this.barred.delete(user);
    this.lives.delete(userIdOf(user));
  }

  /** The same where others are taken, one after the other: it outlives the first, and what it sends is judged by the last. */
  async renew(user: UserName, quay: Quay, ms: number): Promise<void> {
    await this.calm();
    this.replace(user, ms);
    const isRenewed = () => {
      const given = this.given.get(user) ?? [];
      // The end of the first, the grace and a moment more.
      return this.reconnect(user) && given.length > judgedBy && Date.now() > Number(given.at(-1)) + graceMs + 100;
    };
    await this.until(isRenewed, `${user} is given one credential after the other`);
    this.lives.delete(userIdOf(user));
    this.send(user, quay);
  }

  private replace(user: UserName, ms: number): void {
    this.shorten(user, ms);
    this.ends.delete(user);
    this.given.delete(user);
    this.sailor(user).proxy.cut();
  }

  private ended(user: UserName, reason: string): void {
    this.ends.set(user, reason);
    const [endsAt = 0] = this.given.get(user) ?? [];
    if (reason === "credential_expired" && endsAt > Date.now())
      this.expected.wrong.push(`${user} is closed for a credential, and was given another one`);
  }

  /** What a server wrote, whatever the client makes of it. */
  private written(user: UserName, text: string): void {
    for (const behind of text.split('"crates":').slice(1)) {
      const room = /"note":"(\w+)"/.exec(behind)?.[1];
      if (room) this.expected.written(user, room, Number.parseInt(behind, 10));
    }
  }

  /** From here on its credentials live so long. */
  shorten(user: UserName, ms: number): void {
    this.lives.set(userIdOf(user), ms);
  }

  /** Its client takes the link for lost, of which the server hears nothing: the next connection meets a ghost. */
  haunt(user: UserName): void {
    const { proxy, links } = this.sailor(user);
    for (const connection of proxy.connections) connection.blackhole();
    for (const link of [...links]) link.onclose?.({});
    links.clear();
  }

  send(user: UserName, quay: Quay, ttlMs?: number): void {
    const crates = this.sent.length + 1;
    const options = ttlMs === undefined ? {} : { ttlMs };
    const outcome = this.sailor(user)
      .client.send("load_ship", { quay_id: quay, ship_id: String(crates), crates: 1 }, options)
      .then(
        () => "applied",
        (error: unknown) => (error instanceof CommandError ? error.code : String(error)),
      );
    this.sent.push({ crates, outcome, server: this.servers, mayExpire: ttlMs !== undefined });
  }

  /** Commands so old that a server which is gone may have carried them out. */
  wasRestartedSince(server: number): boolean {
    return this.servers !== server;
  }

  /** The next connection is announced so late that the client gives the announcement up, and then is surprised by it. */
  async late(user: UserName): Promise<void> {
    this.takenForPlain(user);
    this.welcomeMs = patienceMs + 80;
    this.sailor(user).proxy.cut();
    await pause(20);
    this.reconnect(user);
    await pause(patienceMs / 2);
    this.welcomeMs = 0;
  }

  private takenForPlain(user: UserName): void {
    this.wasLate = true;
    for (const quay of quays) this.expected.excuse(user, quay);
  }

  /** The rooms' logs are forgotten, while whoever is in them is still connected. */
  async flush(): Promise<void> {
    this.expected.forgotten();
    for (let index = 0; index < keptRooms; index++)
      await this.target(`other-${++this.others}`).emit("ship_loaded", {
        ship_id: "s",
        cargo: "tea",
        crates: 1,
        added: 1,
        manifest: {},
      });
  }

  /** The server is gone with all that it kept, and another one is there. */
  async restart(): Promise<void> {
    this.lives.clear();
    this.expected.forgotten();
    // All of them: one whose end nobody answers would be waited for.
    for (const socket of this.sockets) socket.destroy();
    await this.server?.close({ drainMs: 0 });
    await this.io?.close();
    await this.serve();
  }

  /** The same where the server is asked to: what it was given before that arrives. */
  async drain(quay: Quay, count: number): Promise<void> {
    // Everybody is in their rooms.
    await this.calm();
    this.expected.forgotten();
    this.ends.clear();
    // Whoever missed the last event, and was told so, may know nothing yet of the log that is there now.
    const there = users.filter((user) => this.expected.hasAll(user, quay));
    const published = this.publish(quay, count);
    await this.server?.close({ drainMs: 50 });
    await published;
    const isThere = () => there.every((user) => this.ends.has(user) && this.gotAll(user, quay));
    await this.until(isThere, `everybody in ${quay} has what a server that closed was given`);
    for (const socket of this.sockets) socket.destroy();
    await this.io?.close();
    await this.serve();
  }

  /** Whoever heard the server's farewell; others, of a machine that stood still, were lost before. */
  private gotAll(user: UserName, quay: Quay): boolean {
    return this.ends.get(user) !== "server_closing" || this.expected.hasAll(user, quay);
  }

  /** Takes every fault away, and brings everybody back to the server that is there now and into their rooms. */
  async calm(): Promise<void> {
    this.lives.clear();
    for (const sailor of this.sailors.values()) heal(sailor);
    await Promise.all(users.map((user) => this.answered(user)));
  }

  private async answered(user: UserName): Promise<void> {
    if (!(await isAnswered(this.sailor(user), () => this.reconnect(user))))
      throw new Error(`${user} does not come back\n${this.expected.story()}`);
  }

  reconnect(user: UserName): boolean {
    if (this.isConnected(user)) return true;
    this.sailor(user).client.connect();
    return false;
  }

  /** Polls, since what is waited for has no event of its own. */
  async until(isSo: () => boolean, what: string): Promise<void> {
    const begun = performance.now();
    while (!isSo()) {
      if (performance.now() - begun > 8_000)
        throw new Error(`in 8 s it did not come to this: ${what}\n${this.expected.story()}`);
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
  }

  async close(): Promise<void> {
    await this.streamed();
    for (const { client, proxy } of this.sailors.values()) {
      client.close();
      await proxy.close();
    }
    await this.server?.close({ drainMs: 0 });
    await this.io?.close();
  }

  private target(quay: string) {
    return (this.server as EventServer<Types, Bearer>).to.quay(quay);
  }

  private async serve(): Promise<void> {
    this.servers++;
    const http = createServer();
    const safe = serverOptions({ origins: [], allowMissingOrigin: true, handshakesPerMinute: 1_000_000 });
    const io = new Server(http, { ...safe, pingInterval: 200, pingTimeout: 400 });
    const near = memoryBackend({ log: { keepCount: kept, keepMs: 0, maxRooms: keptRooms } });
    // Asked first for every connection that is received.
    const evict: typeof near.evict = async (...client) => {
      await pause(this.welcomeMs);
      return near.evict(...client);
    };
    const backend = Object.assign(Object.create(near), { evict }) as typeof near;
    const server = createEventServer<Types, Bearer>(io, {
      contract,
      authenticate: ({ auth: { token, isInBand } }) => {
        const name = users.find((user) => user === token);
        if (!name || (isInBand && this.barred.has(name))) return null;
        const ms = this.lives.get(userIdOf(name));
        const expiresAt = ms === undefined ? Number.POSITIVE_INFINITY : Date.now() + ms;
        this.given.set(name, [expiresAt, ...(this.given.get(name) ?? [])]);
        return { userId: userIdOf(name), name, expiresAt };
      },
      expiryWarningMs: 120,
      expiryGraceMs: graceMs,
      // As long as a question to a database takes, so that events, cuts and revocations meet entries that are under way.
      authorize: async ({ user, id }) => {
        const last = this.given.get(user.name)?.slice(0, judgedBy) ?? [];
        if (last.length === judgedBy && last.every((endsAt) => endsAt > Number(user.expiresAt)))
          this.expected.wrong.push(`${user.name} is judged by a credential that was replaced ${judgedBy} times`);
        await pause(Math.random() * 3);
        const may = !this.denied.has(`${user.userId} ${id}`);
        this.judged.get(`${user.name} ${id}`)?.();
        // Its answer is on its way, whatever happens meanwhile.
        await pause(Math.random() * 3);
        return may;
      },
      limits: { commandsPerSecond: 1_000_000, commandBurst: 1_000_000 },
      backend,
    });
    server.handle("load_ship", async ({ ship_id }) => {
      this.started.set(Number(ship_id), (this.started.get(Number(ship_id)) ?? 0) + 1);
      await pause(Math.random() * 6);
      return { on_board: 1 };
    });
    http.on("connection", (socket) => {
      this.sockets.add(socket);
      socket.on("close", () => this.sockets.delete(socket));
    });
    await new Promise<void>((resolve) => http.listen(this.port, "127.0.0.1", resolve));
    this.port = (http.address() as AddressInfo).port;
    this.io = io;
    this.server = server;
  }
}

const quayOf = (room: string | undefined) => room?.replace("quay_", "") as Quay;

/** A transport whose links can be looked at, and heard. */
function watched(links: Set<Link>, heard: (text: string) => void): "websocket" {
  class Watched extends (NodeWebSocket as unknown as new () => { createSocket(...args: unknown[]): Link }) {
    override createSocket(...args: unknown[]): Link {
      const link = super.createSocket(...args);
      links.add(link);
      link.addEventListener("message", ({ data }) => heard(String(data)));
      return link;
    }
  }
  return Watched as unknown as "websocket";
}

function within(ms: number, promise: Promise<void>): Promise<void> {
  return Promise.race([promise, new Promise<void>((resolve) => setTimeout(resolve, ms).unref())]);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
