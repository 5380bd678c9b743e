import type { ConnectionStore, LocalEvents } from "@gestaloka/events/client";
import { expect } from "vitest";

/** A client of any contract. */
type AnyClient = { readonly connection: ConnectionStore; readonly on: unknown };
type On = (name: string, handler: (payload: unknown, meta: unknown) => void) => () => void;

/** Resolves with the snapshot once it matches; rejects when it does not in time. */
export async function snapshot(client: AnyClient, expected: object, timeout = 10_000) {
  await expect.poll(() => client.connection.getSnapshot(), { timeout, interval: 2 }).toMatchObject(expected);
  return client.connection.getSnapshot();
}

/** Resolves once connected, without the waits between attempts, which grow where a test cuts many of them. */
export async function connected(client: AnyClient & { connect(): void }, timeout = 10_000) {
  await expect
    .poll(
      () => {
        client.connect();
        return client.connection.getSnapshot().status;
      },
      { timeout, interval: 5 },
    )
    .toBe("connected");
}

/** Everything that a client tells under these names, in order, from now on. */
export function record(client: AnyClient, ...names: string[]) {
  const events: { name: string; payload: unknown; meta: unknown }[] = [];
  const on = client.on as On;
  for (const name of names) on(name, (payload, meta) => events.push({ name, payload, meta }));
  return Object.assign(events, {
    payloads: (name: string) => events.filter((event) => event.name === name).map(({ payload }) => payload),
    /** Waits until so many came. */
    atLeast: (count: number, timeout = 5_000) =>
      expect.poll(() => events.length, { timeout, interval: 2 }).toBeGreaterThanOrEqual(count),
  });
}

/** What a client told of its commands: name, state, and the code where there is one. */
export const commandsOf = (heard: ReturnType<typeof record>) =>
  heard.payloads("ws:command").map((event) => {
    const { name, state, code } = event as LocalEvents["ws:command"];
    return [name, state, ...(code ? [code] : [])];
  });

/** The next local event of a name. */
export function nextLocal<TName extends keyof LocalEvents>(
  client: AnyClient,
  name: TName,
): Promise<LocalEvents[TName]> {
  return new Promise((resolve) => {
    const off = (client.on as On)(name, (event) => {
      off();
      resolve(event as LocalEvents[TName]);
    });
  });
}

/** What a client is told when its connection is gone, after something was done that ends it. */
export async function lost(client: AnyClient, end: () => unknown): Promise<LocalEvents["ws:disconnected"]> {
  const told = nextLocal(client, "ws:disconnected");
  await end();
  return told;
}

/** Cuts until the client is told: a long poll may be between two requests at the moment of a cut, and loses nothing then. */
export async function cutUntilLost(client: AnyClient, cut: () => unknown): Promise<void> {
  let isLost = false;
  const told = nextLocal(client, "ws:disconnected").then(() => {
    isLost = true;
  });
  while (!isLost) {
    await cut();
    await Promise.race([told, new Promise((resolve) => setTimeout(resolve, 10))]);
  }
}
