import { performance } from "node:perf_hooks";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Backend } from "../../../src/server/backend.js";
import type { Connection } from "../../../src/server/connection.js";
import { Presence } from "../../../src/server/presence.js";
import type { Reports } from "../../../src/server/reports.js";
import type { NamedRoom } from "../../../src/server/rights.js";
import type { RoleEvents } from "../../../src/server/role-events.js";

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(performance, "now").mockImplementation(Date.now);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const quay = { name: "quay_q1", kind: { memberLeft: "sailor_went" } } as unknown as NamedRoom;
const ada = { userId: "ada", socket: { id: "s" } } as unknown as Connection;

/** Who went, as a room is told of it; the backend says yes to the last absence of a user alone. */
function open() {
  let last = 0;
  const went: string[] = [];
  const backend: Pick<Backend, "lose" | "expire"> = {
    lose: () => ++last,
    expire: (_, __, token) => token === last,
  };
  const roles: Pick<RoleEvents, "announce"> = { announce: (userId) => void went.push(userId) };
  const presence = new Presence(backend as Backend, roles as RoleEvents, {} as Reports, 1_000);
  return { presence, went, absent: (presence as unknown as { absent: Map<string, unknown> }).absent };
}

it("keeps nothing of an absence once the grace is over, and looks after none", async () => {
  const { presence, went, absent } = open();
  await presence.lost(ada, quay);
  expect([absent.size, vi.getTimerCount()]).toEqual([1, 1]);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(went).toEqual(["ada"]);
  expect([absent.size, vi.getTimerCount()]).toEqual([0, 0]);
});

it("tells at once of who is put out during an absence, also after the grace of one before is over", async () => {
  const { presence, went } = open();
  await presence.lost(ada, quay);
  await vi.advanceTimersByTimeAsync(900);
  await presence.lost(ada, quay);
  await vi.advanceTimersByTimeAsync(500);
  expect(went).toEqual([]);
  presence.revoked(quay.name, "ada");
  await vi.advanceTimersByTimeAsync(0);
  expect(went).toEqual(["ada"]);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(went).toEqual(["ada"]);
});
