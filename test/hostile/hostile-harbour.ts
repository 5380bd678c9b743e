import {
  type AuthenticatedUser,
  type EventServerOptions,
  type MemoryMetrics,
  memoryMetrics,
} from "@gestaloka/events/server";
import type { ServerOptions } from "socket.io";
import { expect } from "vitest";
import { type Harbour, type HarbourTypes, openHarbour, type Peer } from "../support/harbour-server.js";
import { enterRaw, type RawClient, type Transport } from "./raw-client.js";

/** A harbour under attack: a healthy sailor beside the hostile one, and a record of all that got through. */
export interface HostileHarbour {
  readonly harbour: Harbour;
  readonly healthy: Peer;
  /** What reached a handler of the application. */
  readonly handled: unknown[];
  /** What the handler of `load_ship` does. */
  load: (command: { crates: number }, context: { signal: AbortSignal }) => unknown;
  /** What reached a listener of Socket.IO's own, by name. */
  readonly listened: string[];
  readonly metrics: MemoryMetrics;
  readonly caught: unknown[];
  readonly logged: { readonly level: string; readonly fields: object; readonly message: string }[];
  enter(transport: Transport, auth?: object): Promise<RawClient>;
  /** Sends a command of a raw client's and gives its answer. */
  ask(client: RawClient, name: unknown, payload?: unknown): Promise<unknown>;
  /** Everybody else is served as before, and nothing was polluted. */
  unharmed(): Promise<void>;
  close(): Promise<void>;
}

export const transports: readonly Transport[] = ["websocket", "polling"];
const listenedTo = ["error", "message", "__proto__", "constructor", "toString", "7", "", "$hello"];

let ack = 0;
let tunes = 0;

export async function openHostile(
  options: Partial<EventServerOptions<HarbourTypes, AuthenticatedUser>> = {},
  ioOptions: Partial<ServerOptions> = {},
): Promise<HostileHarbour> {
  const handled: unknown[] = [];
  const listened: string[] = [];
  const metrics = memoryMetrics();
  const caught: unknown[] = [];
  const logged: HostileHarbour["logged"] = [];
  const write = (level: string) => (fields: object, message: string) => logged.push({ level, fields, message });
  const harbour = await openHarbour(
    {
      metrics,
      onError: (error) => caught.push(error),
      logger: { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") },
      ...options,
    },
    ioOptions,
  );
  harbour.io.on("connection", (socket) => {
    for (const name of listenedTo) {
      socket.on(name, (given: unknown) => {
        // Socket.IO's own word that a frame could not be read; what a client sends is never one.
        if (!(name === "error" && given instanceof Error)) listened.push(name);
      });
    }
  });
  harbour.server.handle("load_ship", (command, context) => {
    handled.push(command);
    return hostile.load(command, context) as { on_board: number };
  });
  harbour.server.handle("whistle", ({ tune }, { sender }) => {
    void sender.emit("refused", { message: tune });
  });
  const healthy = harbour.announced("healthy");
  await healthy.got("welcomed");
  await healthy.socket.emitWithAck("$enter", { room: "quay_calm" });
  const clients: RawClient[] = [];
  const hostile: HostileHarbour = {
    harbour,
    healthy,
    handled,
    load: (command) => ({ on_board: command.crates }),
    listened,
    metrics,
    caught,
    logged,
    async enter(transport, auth = { token: "eve" }) {
      const client = await enterRaw(harbour.url, transport, auth);
      clients.push(client);
      return client;
    },
    async ask(client, name, payload) {
      const id = ++ack;
      client.send(`42${id}${JSON.stringify(payload === undefined ? [name] : [name, payload])}`);
      const frame = await client.came(`43${id}[`);
      return (JSON.parse(frame.slice(`43${id}`.length)) as unknown[])[0];
    },
    async unharmed() {
      const tune = `tune ${++tunes}`;
      expect(await healthy.socket.emitWithAck("whistle", { quay_id: "calm", tune })).toEqual({ ok: true, data: {} });
      expect((await healthy.got("refused", healthy.named("refused").length))[0]).toEqual({ message: tune });
      expect(await harbour.server.members("quay_calm")).toEqual(["healthy"]);
      expect(listened).toEqual([]);
      expect(({} as { admin?: unknown }).admin).toBeUndefined();
    },
    async close() {
      for (const client of clients) client.close();
      await harbour.close();
    },
  };
  return hostile;
}
