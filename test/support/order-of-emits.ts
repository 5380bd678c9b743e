import { expect } from "vitest";
import type { HarbourServer, Peer } from "./harbour-server.js";

const load = (crates: number) => ({ ship_id: "s1", cargo: "salt", crates, added: 0, manifest: {} }) as const;

/** Emits events of every kind to a quay that `member` has entered, waits for none of them, and expects them in that order. */
export async function expectOrderOfEmits(server: HarbourServer, member: Peer): Promise<void> {
  const quay = server.to.quay("q1");
  const results = await Promise.all([
    quay.emit("ship_loaded", load(1)),
    quay.emit("tide_turned", { level: 1 }),
    quay.emit("sailor_went", { sailor_id: "zoe" }),
    quay.emit("ship_loaded", load(2)),
  ]);
  expect(results).toEqual([{ ok: true, seq: 1 }, { ok: true, seq: 2 }, { ok: true }, { ok: true, seq: 3 }]);
  await member.got("ship_loaded", 2);
  const order = member.events
    .flatMap(([name, , rest]) => (name === "$pack" ? (rest as [string][]).map(([each]) => each) : [name]))
    .filter((name) => ["ship_loaded", "tide_turned", "sailor_went"].includes(name));
  expect(order).toEqual(["ship_loaded", "tide_turned", "sailor_went", "ship_loaded"]);
}
