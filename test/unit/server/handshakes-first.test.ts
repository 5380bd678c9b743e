import type { Server } from "socket.io";
import { expect, it } from "vitest";
import { HandshakesFirst } from "../../../src/server/handshakes-first.js";

/** How many may be let in, turn after turn of the event loop. */
function letIn(...turns: readonly (readonly [lines: number, waitedMs: number])[]): number[] {
  const engine = { clientsCount: 0 };
  const handshakes = new HandshakesFirst({ engine, connectTimeout: () => 10_000 } as unknown as Server);
  return turns.map(([lines, waitedMs]) => {
    engine.clientsCount = lines;
    return handshakes.most(waitedMs);
  });
}

it("lets nobody in while lines are opened turn after turn, and all who wait as soon as none was", () => {
  const all = Number.POSITIVE_INFINITY;
  expect(letIn([1, 0], [2, 5], [2, 6], [1, 7], [2, 8])).toEqual([0, 0, all, all, 0]);
});

it("lets one in for each handshake once they wait for long, well before Socket.IO closes their lines", () => {
  expect(letIn([10, 2_999], [11, 3_000])).toEqual([0, 1]);
});
