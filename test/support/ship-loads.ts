import type { Peer } from "./harbour-server.js";

/** An event `ship_loaded` that its crates tell from others. */
export const load = (crates: number, note?: string) =>
  ({ ship_id: "s1", cargo: "salt", crates, added: 0, manifest: {}, ...(note !== undefined && { note }) }) as const;

/** The crates of every load that a peer was given, in order, packs taken apart, with their numbers. */
export function loads(peer: Peer): [seq: number, crates: number][] {
  return peer.events.flatMap(([name, ...args]): [number, number][] => {
    if (name === "ship_loaded") {
      const [payload, envelope] = args as [{ crates: number }, { seq: number } | undefined];
      return [[envelope?.seq ?? 0, payload.crates]];
    }
    if (name !== "$pack") return [];
    const [{ seq }, events] = args as [{ seq: number }, [string, { crates: number }][]];
    return events.flatMap(([each, { crates }], at): [number, number][] =>
      each === "ship_loaded" ? [[seq + at, crates]] : [],
    );
  });
}

/** The crates of loads. */
export const cratesOf = (payloads: readonly unknown[]) =>
  payloads.map((payload) => (payload as { crates: number }).crates);

/** The numbers 1 to `last`. */
export const upTo = (last: number) => Array.from({ length: last }, (_, at) => at + 1);
