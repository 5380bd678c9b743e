import { contract } from "@gestaloka/events";
import { expect, it } from "vitest";
import { maxSeq } from "../../../src/delivery/envelope.js";
import { Arrivals } from "../../../src/server/arrivals.js";
import type { Connection } from "../../../src/server/connection.js";
import { LiveRoom } from "../../../src/server/live-room.js";
import { memoryMetrics } from "../../../src/server/memory-metrics.js";
import { Reports } from "../../../src/server/reports.js";

it("looks at no more than is known of a room, however long a client did not report", () => {
  const metrics = memoryMetrics();
  const arrivals = new Arrivals(contract, new Reports(undefined, metrics, undefined));
  const room = new LiveRoom("game_1");
  const connection = {} as Connection;
  room.set(connection, 0);
  const report = (seq: number) => arrivals.reported(connection, room, "epoch", seq);
  room.stands("epoch", 1);
  report(0);
  room.stands("epoch", maxSeq);
  report(0);
  // Ten thousand million numbers: one by one, hours.
  const known = 10;
  for (let seq = maxSeq - known + 1; seq <= maxSeq; seq++)
    room.note({
      epoch: "epoch",
      seq,
      at: 0,
      name: '"narrative_update"',
      payload: "{}",
      bytes: 2,
      lane: "critical",
      key: undefined,
    });
  report(maxSeq - 3);
  const { total } = metrics.snapshot();
  expect([total("addressed"), total("reached")]).toEqual([known, known - 3]);
});
