import { expect } from "vitest";
import type { HarbourServer, Peer } from "./harbour-server.js";
import { load } from "./ship-loads.js";

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
  expect(namesOf(member)).toEqual(["ship_loaded", "tide_turned", "sailor_went", "ship_loaded"]);
}

/** Expects the same where the server's backend has numbered before, and carries out what is numbered sooner than the rest. */
export async function expectOrderAfterOne(server: HarbourServer, member: Peer): Promise<void> {
  const quay = server.to.quay("q1");
  await quay.emit("ship_loaded", load(1));
  await Promise.all([quay.emit("sailor_went", { sailor_id: "zoe" }), quay.emit("ship_loaded", load(2))]);
  await member.got("ship_loaded", 2);
  expect(namesOf(member)).toEqual(["ship_loaded", "sailor_went", "ship_loaded"]);
}

function namesOf({ events }: Peer): unknown[] {
  return events
    .flatMap(([name, , rest]) => (name === "$pack" ? (rest as [string][]).map(([each]) => each) : [name]))
    .filter((name) => ["ship_loaded", "tide_turned", "sailor_went"].includes(String(name)));
}
