import type { Peer } from "../support/harbour-server.js";

export const load = (crates: number) => ({ ship_id: "s1", cargo: "salt", crates, added: 0, manifest: {} }) as const;

/** The crates of every load that a peer was given, in order, with their numbers. */
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

/** Waits for what no event announces. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Numbers 1 to `last`, as `loads` gives them when all were given once and in order. */
export const consecutive = (last: number) =>
  Array.from({ length: last }, (_, at): [number, number] => [at + 1, at + 1]);
