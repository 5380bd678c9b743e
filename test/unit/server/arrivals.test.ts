import { contract } from "@gestaloka/events";
import { expect, it } from "vitest";
import { maxSeq } from "../../../src/delivery/envelope.js";
import { Arrivals } from "../../../src/server/arrivals.js";
import type { Connection } from "../../../src/server/connection.js";
import { Holding, LiveRoom } from "../../../src/server/live-room.js";
import { memoryMetrics } from "../../../src/server/memory-metrics.js";
import { Reports } from "../../../src/server/reports.js";

/** A room with one connection in it from a number on, its events, and what came of the connection's reports. */
function open(from: number) {
  const metrics = memoryMetrics();
  const arrivals = new Arrivals(contract, new Reports(undefined, metrics, undefined));
  const room = new LiveRoom("game_1");
  const connection = {} as Connection;
  room.set(connection, from);
  room.stands("epoch", from);
  return {
    room,
    connection,
    emit(seq: number, name = '"narrative_update"') {
      room.stands("epoch", seq);
      room.note({ epoch: "epoch", seq, at: 0, name, payload: "{}", bytes: 2, lane: "critical", key: undefined });
    },
    /** Reports, and gives how many were addressed and how many of these reached, so far. */
    report(seq: number, epoch = "epoch"): [addressed: number, reached: number] {
      arrivals.reported(connection, room, epoch, seq);
      const { total } = metrics.snapshot();
      return [total("addressed"), total("reached")];
    },
  };
}

it("judges each number once, by the report after the one before which it was addressed", () => {
  const { emit, report } = open(2);
  expect(report(2)).toEqual([0, 0]);
  emit(3);
  emit(4);
  expect(report(3)).toEqual([0, 0]);
  emit(5);
  expect(report(4)).toEqual([2, 2]);
  emit(6);
  expect(report(4)).toEqual([3, 2]);
  expect(report(6)).toEqual([4, 3]);
  expect(report(6)).toEqual([4, 3]);
});

it("judges nothing that came before the connection entered again", () => {
  const { room, connection, emit, report } = open(0);
  report(0);
  for (let seq = 1; seq <= 4; seq++) emit(seq);
  report(0);
  room.set(connection, 3);
  expect(report(4)).toEqual([1, 1]);
});

it("judges nothing of another log, nor while the room is entered", () => {
  const { room, connection, emit, report } = open(0);
  report(0);
  emit(1);
  report(0);
  expect(report(1, "other")).toEqual([0, 0]);
  room.set(connection, new Holding("game_1", connection));
  expect(report(1)).toEqual([0, 0]);
  room.set(connection, 0);
  expect(report(1)).toEqual([1, 1]);
});

it("passes over an event of a newer contract, which another server that shares the backend may have emitted", () => {
  const { emit, report } = open(0);
  report(0);
  emit(1, '"of_tomorrow"');
  emit(2);
  report(0);
  expect(report(2)).toEqual([1, 1]);
});

it("looks at no more than is known of a room, however long a client did not report", () => {
  const { room, emit, report } = open(0);
  room.stands("epoch", 1);
  report(0);
  room.stands("epoch", maxSeq);
  report(0);
  // Ten thousand million numbers: one by one, hours.
  const known = 10;
  for (let seq = maxSeq - known + 1; seq <= maxSeq; seq++) emit(seq);
  expect(report(maxSeq - 3)).toEqual([known, known - 3]);
});
