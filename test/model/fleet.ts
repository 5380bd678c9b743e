import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { CommandError, createEventClient } from "@gestaloka/events/client";
import { type AuthenticatedUser, createEventServer, type EventServer, serverOptions } from "@gestaloka/events/server";
import { Server } from "socket.io";
import { contract } from "../fixtures/contract.js";
import { openBackend } from "../redis/backends.js";
import { type FaultProxy, startFaultProxy } from "../support/fault-proxy.js";
import { createPeer } from "../support/harbour-server.js";
import type { RedisProcess } from "../support/redis-process.js";
import { type EmitKind, Ledger } from "./ledger.js";
import { heal, isAnswered, type Linked, type Types } from "./links.js";

export const users = ["ada", "bob", "cyd"] as const;
export const quays = ["p", "q"] as const;
export type UserName = (typeof users)[number];
export type Quay = (typeof quays)[number];

const mostNodes = 3;

/** A server of its own, by a link of its own to Redis. */
interface Node {
  readonly index: number;
  readonly port: number;
  readonly io: Server;
  readonly server: EventServer<Types, AuthenticatedUser>;
  readonly redis: FaultProxy;
  readonly sockets: Set<Socket>;
}

interface Sailor extends Linked {
  /** Where its link leads. */
  at: Node;
}

interface Sent {
  readonly crates: number;
  outcome: string | undefined;
  /** A server died, or Redis forgot its answer, before it was known. */
  mayRunAgain: boolean;
  readonly ended: Promise<unknown>;
}

let runs = 0;

/** Several servers over one Redis, clients that go from one to another, all of which can be harmed, and what must come of it. */
export class Fleet {
  readonly ledger = new Ledger();
  readonly nodes: Node[] = [];
  readonly sailors = new Map<UserName, Sailor>();
  /** How often the handlers of all servers were started, by command. */
  readonly started = new Map<number, number>();
  readonly sent: Sent[] = [];
  private readonly prefix = `model${++runs}`;
  private readonly denied = new Map<string, number>();
  private readonly banned = new Set<string>();
  private readonly gone: Promise<unknown>[] = [];
  private beside: Promise<unknown>[] = [];
  private begun = 0;
  private changes = 0;

  private constructor(private readonly redis: RedisProcess) {}

  static async open(redis: RedisProcess): Promise<Fleet> {
    const fleet = new Fleet(redis);
    await fleet.startNode();
    await fleet.startNode();
    for (const [index, user] of users.entries()) await fleet.embark(user, fleet.node(index));
    return fleet;
  }

  /** One of those that are there. */
  node(index: number): Node {
    return this.nodes[index % this.nodes.length] as Node;
  }

  /** Lets something go on beside what follows, after it had so long to end by itself. */
  async during(task: Promise<unknown>, ms = 0): Promise<void> {
    this.beside.push(task);
    await within(ms, task);
  }

  /** Waits for what goes on. */
  async quiet(): Promise<void> {
    while (this.beside.length > 0) await Promise.all(this.beside.splice(0));
  }

  sailor(user: UserName): Sailor {
    return this.sailors.get(user) as Sailor;
  }

  /** Emits without waiting between; one whose outcome is not known may be repeated, at whichever server there is. */
  async emit(quay: Quay, kinds: readonly EmitKind[], index: number, repeats: boolean): Promise<void> {
    const node = this.node(index);
    await Promise.all(
      kinds.map(async (kind) => {
        const emitted = this.ledger.emitting(quay, kind, node.index);
        let result = await this.emitOnce(node, quay, kind, emitted.n);
        for (let tries = 0; repeats && tries < 60 && !result.ok && result.error.appendId !== undefined; tries++) {
          emitted.isRepeated = true;
          const { appendId } = result.error;
          const again = await this.emitOnce(this.node(index + tries), quay, kind, emitted.n, appendId);
          // That it was refused now says nothing of the first time.
          if (again.ok || again.error.appendId !== undefined) result = again;
          else await pause(20);
        }
        if (result.ok) this.ledger.ended(emitted, "taken", result.seq);
        else this.ledger.ended(emitted, result.error.code === "backend_unavailable" ? "refused" : "unknown");
      }),
    );
  }

  async join(user: UserName, quay: Quay): Promise<void> {
    this.ledger.joining(user, quay);
    const joined = this.sailor(user)
      .client.join(contract.rooms.quay(quay))
      .then(
        () => this.ledger.joined(user, quay),
        () => this.ledger.left(user, quay),
      );
    await within(this.isConnected(user) ? 1_000 : 0, joined);
  }

  async leave(user: UserName, quay: Quay): Promise<void> {
    this.ledger.leaving(user, quay);
    await within(3_000, this.sailor(user).client.leave(contract.rooms.quay(quay)));
    this.ledger.left(user, quay);
  }

  async revoke(user: UserName, quay: Quay, index: number): Promise<void> {
    const key = `${user} ${quay}`;
    const change = ++this.changes;
    this.denied.set(key, change);
    this.ledger.excuse(user, quay);
    const revoked = this.node(index)
      .server.revoke(user, contract.rooms.quay(quay))
      .then(
        () => {
          if (this.denied.get(key) === change) this.ledger.revoked(user, quay);
        },
        // It may not be in force.
        (error) => this.ledger.note(`the right of ${key} is not taken back: ${error}`),
      );
    await this.during(revoked, 300);
  }

  grant(user: UserName, quay: Quay): void {
    this.denied.delete(`${user} ${quay}`);
    this.ledger.granting(user, quay);
  }

  /** Takes the credential back, and the connections; it is given back as the user is brought back. */
  async expel(user: UserName, index: number): Promise<void> {
    this.banned.add(user);
    const expelled = this.node(index)
      .server.disconnectUser(user)
      .then(
        () => this.banned.has(user) && this.ledger.expelled(user),
        () => {},
      );
    await this.during(expelled, 300);
  }

  send(user: UserName, quay: Quay): void {
    const { client } = this.sailor(user);
    const sending = (crates: number) =>
      client.send("load_ship", { quay_id: quay, ship_id: String(crates), crates: 1 }).then(
        () => "applied",
        (error: unknown) => (error instanceof CommandError ? error.code : String(error)),
      );
    this.track(sending);
  }

  /** One command at two servers at once, as where a connection was lost with its answer under way. */
  sendTwice(user: UserName, index: number): void {
    const two = [this.node(index), this.node(index + 1)];
    this.track(async (crates) => {
      const peers = two.map(({ port }, at) =>
        createPeer(`http://127.0.0.1:${port}`, {
          token: user,
          $events: { v: 1, contract: "harbour@1.0.0", client: `twin${crates}-${at}`, cursors: [] },
        }),
      );
      const command = [{ quay_id: "p", ship_id: String(crates), crates: 1 }, { id: `twin${crates}` }];
      const answers = peers.map(async ({ socket }) => {
        const { ok, code } = await socket.timeout(3_000).emitWithAck("load_ship", ...command);
        return ok ? "applied" : String(code);
      });
      const ends = (await Promise.allSettled(answers)).map((end) => (end.status === "fulfilled" ? end.value : "lost"));
      for (const { socket } of peers) socket.disconnect();
      return ends.includes("applied") ? "applied" : "lost";
    });
  }

  private track(sending: (crates: number) => Promise<string>): void {
    const crates = this.sent.length + 1;
    const ended = sending(crates).then((outcome) => {
      this.ledger.note(`command ${crates} is ${outcome}`);
      sent.outcome = outcome;
    });
    const sent: Sent = { crates, outcome: undefined, mayRunAgain: false, ended };
    this.sent.push(sent);
  }

  /** Goes to another server, if there is one. */
  move(user: UserName, index: number): void {
    const sailor = this.sailor(user);
    sailor.at = this.node(index);
    sailor.proxy.targetPort = sailor.at.port;
    sailor.proxy.cut();
  }

  async startNode(): Promise<void> {
    if (this.nodes.length < mostNodes) this.nodes.push(await this.serve());
  }

  /** One goes as in a deploy: what runs ends, and everybody is told to come back, elsewhere. */
  closeNode(index: number, drainMs: number): void {
    const node = this.remove(index);
    if (node) this.gone.push(end(node, drainMs));
  }

  /** One dies: nothing of it is heard any more, not even that it is gone. */
  killNode(index: number): void {
    const node = this.remove(index);
    if (!node) return;
    this.unsure();
    node.redis.set({ accept: "reset" });
    node.redis.cut();
    for (const socket of node.sockets) socket.destroy();
    this.gone.push(end(node, 0));
  }

  /** Redis forgets everything. */
  async flush(): Promise<void> {
    this.unsure();
    this.ledger.forgotten();
    await this.redis.command("FLUSHALL");
  }

  /** Redis answers nobody for so long. */
  async hold(ms: number): Promise<void> {
    await this.during(this.redis.command("CLIENT", "PAUSE", String(ms), "ALL"));
  }

  async forgetScripts(): Promise<void> {
    await this.redis.command("SCRIPT", "FLUSH");
  }

  /** The log loses all but the last event: whoever missed more is told. */
  async trim(quay: Quay): Promise<void> {
    for (const user of users) this.ledger.excuse(user, quay);
    await this.redis.command("XTRIM", `${this.prefix}:{quay_${quay}}:log`, "MAXLEN", "1");
  }

  /** The links of a server to Redis die, with a word or without one; it may be that only what Redis says is lost. */
  async sever(index: number, silentMs: number, isHeard = false): Promise<void> {
    const { redis } = this.node(index);
    const links = [...redis.connections];
    if (isHeard) for (const link of links) link.set({ toClient: { mode: "blackhole" } });
    else if (silentMs > 0) for (const link of links) link.blackhole();
    const cut = pause(silentMs).then(() => {
      for (const link of links) link.cut();
    });
    await this.during(cut);
  }

  reconnect(user: UserName): boolean {
    if (this.isConnected(user)) return true;
    this.banned.delete(user);
    this.ledger.readmitted(user);
    this.sailor(user).client.connect();
    return false;
  }

  /** Takes every fault away, and brings everybody back. */
  async calm(): Promise<void> {
    for (const sailor of this.sailors.values()) heal(sailor);
    await Promise.all(users.map((user) => this.answered(user)));
  }

  private async answered(user: UserName): Promise<void> {
    if (!(await isAnswered(this.sailor(user), () => this.reconnect(user))))
      throw new Error(`${user} does not come back\n${this.ledger.story()}`);
  }

  /** Polls, since what is waited for has no event of its own. */
  async until(missing: () => readonly string[]): Promise<void> {
    const begun = performance.now();
    for (;;) {
      const still = missing();
      if (still.length === 0 || this.ledger.wrong.length > 0) return;
      if (performance.now() - begun > 20_000) return this.ledger.fail(`in 20 s: ${still.join(", ")}`);
      await pause(3);
    }
  }

  async close(): Promise<void> {
    await this.quiet();
    for (const { client, proxy } of this.sailors.values()) {
      client.close();
      await proxy.close();
    }
    await Promise.all([...this.gone, ...this.nodes.map((node) => end(node, 0))]);
  }

  private isConnected(user: UserName): boolean {
    return this.sailor(user).client.connection.getSnapshot().status === "connected";
  }

  /** What is not answered by now may be carried out again. */
  private unsure(): void {
    for (const sent of this.sent) if (sent.outcome === undefined) sent.mayRunAgain = true;
  }

  /** Takes one out of those that are there, unless it is the last, and sends its clients to others. */
  private remove(index: number): Node | undefined {
    if (this.nodes.length < 2) return undefined;
    const [node] = this.nodes.splice(index % this.nodes.length, 1) as [Node];
    for (const [at, sailor] of [...this.sailors.values()].entries()) {
      if (sailor.at !== node) continue;
      sailor.at = this.node(at);
      sailor.proxy.targetPort = sailor.at.port;
    }
    return node;
  }

  private emitOnce({ server }: Node, quay: Quay, kind: EmitKind, n: number, appendId?: string) {
    const to = server.to.quay(quay);
    const options = appendId === undefined ? {} : { appendId };
    if (kind === "low") return to.emit("gull_seen", { count: n }, options);
    if (kind === "latest") return to.emit("tide_turned", { level: n }, options);
    const load = { ship_id: "s", cargo: "tea" as const, crates: n, added: 1, manifest: {} };
    return to.emit("ship_loaded", load, options);
  }

  private async embark(user: UserName, at: Node): Promise<void> {
    const { ledger } = this;
    const proxy = await startFaultProxy(at.port);
    const client = createEventClient<Types>(proxy.url, {
      contract,
      auth: { token: user },
      headsIntervalMs: 150,
      handshakeTimeoutMs: 500,
      socket: { transports: ["websocket"] },
      onError() {},
    });
    const handled = (room: string | undefined, n: number, seq: number | undefined) =>
      ledger.handled(user, toQuay(String(room)), n, seq);
    client.on("ship:loaded", ({ crates }, { room, seq }) => handled(room, crates, seq));
    client.on("tide:turned", ({ level }, { room, seq }) => handled(room, level, seq));
    client.on("gull:seen", ({ count }, { room, seq }) => handled(room, count, seq));
    client.on("ws:resync", ({ room, reason }) => {
      if (room.startsWith("quay_")) ledger.resynced(user, toQuay(room), reason);
    });
    client.on("ws:room-closed", ({ room }) => ledger.left(user, toQuay(room)));
    client.on("ws:connected", ({ mode }) => {
      if (mode === "plain") ledger.fail(`${user} takes a server for a plain one`);
    });
    this.sailors.set(user, { client, proxy, at });
  }

  private async serve(): Promise<Node> {
    const index = this.begun++;
    const redis = await startFaultProxy(this.redis.port);
    const http = createServer();
    const safe = serverOptions({ origins: [], allowMissingOrigin: true, handshakesPerMinute: 1_000_000 });
    const io = new Server(http, { ...safe, pingInterval: 200, pingTimeout: 400 });
    const server = createEventServer<Types, AuthenticatedUser>(io, {
      contract,
      backend: openBackend(index % 2 === 0 ? "redis" : "ioredis", redis.port, {
        prefix: this.prefix,
        timeoutMs: 600,
        compareMs: 300,
        presenceLeaseMs: 1_000,
      }),
      authenticate: ({ auth: { token } }) =>
        typeof token === "string" && !this.banned.has(token) ? { userId: token } : null,
      // As long as a question to a database takes, so that events, cuts and revocations meet entries that are under way.
      authorize: async ({ user, id }) => {
        await pause(Math.random() * 6);
        return !this.denied.has(`${user.userId} ${id}`);
      },
      limits: { commandsPerSecond: 1_000_000, commandBurst: 1_000_000 },
    });
    server.handle("load_ship", async ({ ship_id }) => {
      this.started.set(Number(ship_id), (this.started.get(Number(ship_id)) ?? 0) + 1);
      await pause(Math.random() * 6);
      return { on_board: 1 };
    });
    const sockets = new Set<Socket>();
    http.on("connection", (socket) => {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
    });
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    return { index, port: (http.address() as AddressInfo).port, io, server, redis, sockets };
  }
}

async function end({ server, io, redis }: Node, drainMs: number): Promise<void> {
  await server.close({ drainMs });
  await io.close();
  await redis.close();
}

const toQuay = (room: string): string => room.replace("quay_", "");

function within(ms: number, promise: Promise<unknown>): Promise<unknown> {
  return Promise.race([promise, pause(ms)]);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
