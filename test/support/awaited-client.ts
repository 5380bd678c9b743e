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
