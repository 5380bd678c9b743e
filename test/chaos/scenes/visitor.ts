import { createEventClient } from "@gestaloka/events/client";
import { type Child, startChild } from "../child.js";
import { contract } from "../contract.js";
import type { SceneServerStart } from "./scene-server.js";

/** A client of a scene, and how far it came in its arena and in its seat. */
export interface Visitor {
  connected(): boolean;
  connect(): void;
  close(): void;
  /** Notes an exact event. */
  take(of: "arena" | "seat", n: number, sentAt: number): void;
  /** The last exact number handled, and how many were not one above the last. */
  arena: number;
  seat: number;
  holes: number;
  resyncs: number;
  /** Called after each event. */
  onEvent: ((sentAt: number) => void) | undefined;
}

export async function startSceneServer(
  file: string,
  options: Omit<SceneServerStart, "do">,
): Promise<{ server: Child; url: string }> {
  const server = startChild(file, ["--expose-gc"]);
  const port = await server.ask<number>({ do: "start", ...options });
  return { server, url: `http://127.0.0.1:${port}` };
}

function openClient(url: string, userId: string | (() => string)) {
  return createEventClient(url, {
    contract,
    auth: () => ({ user: typeof userId === "string" ? userId : userId() }),
    onError() {},
    autoConnect: false,
  });
}

/** A visitor that has seen nothing yet, by what a client of either kind can do. */
export function newVisitor(client: Pick<Visitor, "connected" | "connect" | "close">): Visitor {
  return {
    ...client,
    arena: 0,
    seat: 0,
    holes: 0,
    resyncs: 0,
    onEvent: undefined,
    take(of, n, sentAt) {
      if (this[of] > 0 && n !== this[of] + 1) this.holes++;
      this[of] = n;
      this.onEvent?.(sentAt);
    },
  };
}

/** Opens a client of the library that goes to an arena. */
export async function openLibraryVisitor(url: string, userId: string, arena: string): Promise<Visitor> {
  const client = openClient(url, userId);
  const visitor = newVisitor({
    connected: () => client.connection.getSnapshot().status === "connected",
    connect: () => client.connect(),
    close: () => client.close(),
  });
  client.on("chaos:step", ({ n, t = 0 }) => visitor.take("arena", n, t));
  client.on("chaos:note", ({ n, t = 0 }) => visitor.take("seat", n, t));
  client.on("ws:resync", () => visitor.resyncs++);
  client.connect();
  await client.join(contract.rooms.arena(arena));
  return visitor;
}

/** Opens many, a few at a time, so that opening them is not what is measured. */
export async function openVisitors(
  url: string,
  count: number,
  arenaOf: (index: number) => string,
  open = openLibraryVisitor,
): Promise<Visitor[]> {
  const visitors: Visitor[] = [];
  for (let index = 0; index < count; index += 50)
    visitors.push(
      ...(await Promise.all(
        Array.from({ length: Math.min(50, count - index) }, (_, more) =>
          open(url, `u${index + more}`, arenaOf(index + more)),
        ),
      )),
    );
  return visitors;
}

/** Waits until something is so, or gives up. */
export async function until(isSo: () => boolean, timeoutMs: number): Promise<boolean> {
  const begun = performance.now();
  while (!isSo()) {
    if (performance.now() - begun > timeoutMs) return false;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return true;
}
