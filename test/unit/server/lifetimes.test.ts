import { afterEach, expect, it, vi } from "vitest";
import type { Connection } from "../../../src/server/connection.js";
import { Lifetimes } from "../../../src/server/lifetimes.js";

afterEach(() => {
  vi.useRealTimers();
});

const connectionOf = () => ({ lifetime: undefined }) as Connection;

/** Lifetimes whose warnings and ends are noted in s since they were made; credentials end so many s from now. */
function open(graceMs = 20_000) {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "Date"] });
  const start = Date.now();
  const told: [what: string, at: number, expiresAt?: number][] = [];
  const seconds = (ms: number) => Math.round((ms - start) / 100) / 10;
  const lifetimes = new Lifetimes(
    {
      warn: (_connection, expiresAt) => told.push(["warn", seconds(Date.now()), seconds(expiresAt)]),
      expire: () => told.push(["expire", seconds(Date.now())]),
    },
    { warningMs: 60_000, graceMs, now: () => Date.now() - start },
  );
  const set = (connection: Connection, inSeconds: number | undefined) =>
    lifetimes.set(connection, inSeconds === undefined ? undefined : Date.now() + inSeconds * 1_000);
  const pass = (inSeconds: number) => vi.advanceTimersByTime(inSeconds * 1_000);
  return { lifetimes, told, set, pass };
}

it("warn a minute ahead, then each time after half of what is left, no more often than every 5 s, and end after the grace", () => {
  const { told, set, pass } = open();
  set(connectionOf(), 200);
  pass(219);
  const due = [140, 170, 185, 192.5, 197.5, 202.5, 207.5, 212.5, 217.5];
  expect(told.map(([what, , expiresAt]) => [what, expiresAt])).toEqual(due.map(() => ["warn", 200]));
  // Each is late by a turn of the timer at most, and those after it with it.
  for (const [index, [, at]] of told.entries()) {
    expect(at).toBeGreaterThanOrEqual(due[index] as number);
    expect(at).toBeLessThan((due[index] as number) + 1);
  }
  told.length = 0;
  pass(2);
  expect(told).toEqual([["expire", expect.closeTo(220, 0)]]);
  // Nothing is left to be looked after.
  expect(vi.getTimerCount()).toBe(0);
});

it.each([30, 100])("warn of one of %i s after half of it", (length) => {
  const { told, set, pass } = open();
  set(connectionOf(), length);
  pass(length / 2 - 1);
  expect(told).toEqual([]);
  pass(2);
  expect(told).toEqual([["warn", expect.closeTo(length / 2, 0), length]]);
});

it.each([
  [0, 10],
  [200, 20],
  [3_600_000, 20],
])("are exact, and warn no more often than they need to, with a grace of %i ms", (graceMs, mostWarnings) => {
  const { told, set, pass } = open(graceMs);
  set(connectionOf(), 1);
  pass(1 + graceMs / 1_000 - 0.1);
  expect(told.every(([what]) => what === "warn")).toBe(true);
  expect(told.filter(([, at]) => at < 20).length).toBeGreaterThan(2);
  expect(told.filter(([, at]) => at < 20).length).toBeLessThanOrEqual(mostWarnings);
  pass(0.1 + (graceMs === 3_600_000 ? 0.25 : 0.06));
  expect(told.at(-1)?.[0]).toBe("expire");
});

it("are over at their end, before the grace is", () => {
  const { lifetimes, set, pass } = open();
  const connection = connectionOf();
  set(connection, 10);
  pass(9.9);
  expect(lifetimes.isOver(connection)).toBe(false);
  pass(0.1);
  expect(lifetimes.isOver(connection)).toBe(true);
});

it("are those of the credential that came last: a longer one, a shorter one, and one without an end", () => {
  const { lifetimes, told, set, pass } = open();
  const [longer, shorter, endless, again] = [connectionOf(), connectionOf(), connectionOf(), connectionOf()];
  for (const connection of [longer, shorter, endless, again]) set(connection, 100);
  set(longer, 1_000);
  set(shorter, 10);
  lifetimes.set(endless, Number.POSITIVE_INFINITY);
  set(again, undefined);
  expect([endless, again].map(({ lifetime }) => lifetime)).toEqual([undefined, undefined]);
  pass(31);
  expect(told.filter(([what]) => what === "expire")).toEqual([["expire", expect.closeTo(30, 0)]]);
  expect(told.every(([what, , expiresAt]) => what === "expire" || expiresAt === 10)).toBe(true);
  told.length = 0;
  pass(900);
  expect(told).toEqual([]);
  pass(200);
  expect(told.filter(([what]) => what === "expire")).toEqual([["expire", expect.closeTo(1_020, 0)]]);
  expect(vi.getTimerCount()).toBe(0);
});

it("ask a client that has no other credential again, but not at once", () => {
  const { told, set, pass } = open();
  const connection = connectionOf();
  set(connection, 40);
  pass(21);
  told.length = 0;
  set(connection, 60.5);
  pass(4.9);
  expect(told).toEqual([]);
  set(connection, 4);
  pass(4.9);
  expect(told).toEqual([]);
  pass(0.5);
  expect(told).toEqual([["warn", expect.closeTo(31, 0), 29.9]]);
});

it("end with their connection", () => {
  const { lifetimes, told, set, pass } = open();
  const [first, second] = [connectionOf(), connectionOf()];
  for (const connection of [first, second]) set(connection, 10);
  lifetimes.forget(first);
  lifetimes.forget(second);
  pass(1);
  expect(vi.getTimerCount()).toBe(0);
  pass(60);
  expect(told).toEqual([]);
  // And others come after them.
  set(connectionOf(), 10);
  pass(30);
  expect(told.at(-1)?.[0]).toBe("expire");
});

it("end where one that ended puts another out, and those behind it end as well", () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "Date"] });
  const connections = [connectionOf(), connectionOf(), connectionOf()];
  const [, other] = connections as [Connection, Connection, Connection];
  const expired: Connection[] = [];
  const lifetimes = new Lifetimes(
    {
      warn() {},
      expire(connection) {
        expired.push(connection);
        for (const gone of [connection, other]) lifetimes.forget(gone);
      },
    },
    { warningMs: 60_000, graceMs: 0, now: Date.now },
  );
  for (const connection of connections) lifetimes.set(connection, Date.now() + 1_000);
  vi.advanceTimersByTime(2_000);
  expect(expired).toHaveLength(2);
  expect(expired).not.toContain(other);
});
