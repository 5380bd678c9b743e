import { createEventClient } from "@gestaloka/events/client";
import { type Child, startChild } from "../child.js";
import { contract } from "../contract.js";
import type { SceneServerStart } from "./scene-server.js";

/** A client of a scene, and how far it came in its arena and in its seat. */
export interface Visitor {
  readonly client: ReturnType<typeof openClient>;
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

/** Opens a client that goes to an arena. */
export async function openVisitor(url: string, userId: string, arena: string): Promise<Visitor> {
  const client = openClient(url, userId);
  const visitor: Visitor = { client, arena: 0, seat: 0, holes: 0, resyncs: 0, onEvent: undefined };
  client.on("chaos:step", ({ n, t = 0 }) => {
    if (visitor.arena > 0 && n !== visitor.arena + 1) visitor.holes++;
    visitor.arena = n;
    visitor.onEvent?.(t);
  });
  client.on("chaos:note", ({ n, t = 0 }) => {
    if (visitor.seat > 0 && n !== visitor.seat + 1) visitor.holes++;
    visitor.seat = n;
    visitor.onEvent?.(t);
  });
  client.on("ws:resync", () => visitor.resyncs++);
  client.connect();
  await client.join(contract.rooms.arena(arena));
  return visitor;
}

/** Opens many, a few at a time, so that opening them is not what is measured. */
export async function openVisitors(url: string, count: number, arenaOf: (index: number) => string): Promise<Visitor[]> {
  const visitors: Visitor[] = [];
  for (let index = 0; index < count; index += 50)
    visitors.push(
      ...(await Promise.all(
        Array.from({ length: Math.min(50, count - index) }, (_, more) =>
          openVisitor(url, `u${index + more}`, arenaOf(index + more)),
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
