import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Driver, DriverEvents } from "../../../src/redis/driver.js";
import { Feeds } from "../../../src/redis/feeds.js";
import { toKeys } from "../../../src/redis/keys.js";
import { Link } from "../../../src/redis/link.js";
import { LocalServers } from "../../../src/redis/local-servers.js";
import { Opening } from "../../../src/redis/opening.js";
import type { RedisParts } from "../../../src/redis/redis-parts.js";
import type { RoomStore } from "../../../src/redis/room-store.js";
import { Upkeep } from "../../../src/redis/upkeep.js";
import type { BackendNode } from "../../../src/server/backend.js";
import { epochOf } from "../delivery/samples.js";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
  vi.spyOn(performance, "now").mockImplementation(Date.now);
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** An upkeep over a driver of the test's own, and all that is asked of it and of other parts, with the second in which that was. */
function upkeepOf(
  driver: { ready: boolean; listening?: boolean; answers?: boolean },
  heard: (text: string) => void,
  pace = { compareMs: 3_600_000, presenceLeaseMs: 3_600_000 },
) {
  const asked: unknown[][] = [];
  const begun = Date.now();
  const ask = (...words: unknown[]) => void asked.push([(Date.now() - begun) / 1_000, ...words]);
  const upkept: [second: number, what: string][] = [];
  const keep = (what: string) => void upkept.push([(Date.now() - begun) / 1_000, what]);
  let told: DriverEvents | undefined;
  const face: Partial<Driver> = {
    single: true,
    async send(_key, [name]) {
      if (name !== "SCRIPT") ask(name);
      return driver.answers ? 1 : new Promise(() => {});
    },
    open(events) {
      told = events;
      ask("open");
    },
    listen: () => ask("listen"),
    subscribe: async (channel) => ask(channel),
    close() {},
  };
  const full = Object.assign(driver, face) as Driver;
  const keys = toKeys("t");
  const servers = new LocalServers();
  const failed: unknown[] = [];
  servers.add({ failed: (error) => failed.push(error) } as Partial<BackendNode> as BackendNode);
  const head = { epoch: epochOf(1), seq: 0 };
  const store = {
    head: async () => head,
    async knownHead() {
      keep("compare");
      return head;
    },
  } as Partial<RoomStore> as RoomStore;
  const host = { deliver() {}, read: async () => undefined, stands() {} };
  const feeds = new Feeds(
    full,
    keys,
    store,
    async () => {},
    host,
    (error) => failed.push(error),
  );
  const peers = {
    id: "node",
    hasLease: true,
    begin() {},
    tick: () => keep("probe"),
    lapse: () => keep("lapse"),
    receive: heard,
  };
  const link = new Link(full, { timeoutMs: 1_000, maxCommands: 10, maxCharacters: 1_000 });
  const local = { endAll: () => keep("begin anew") };
  const commands = { tick: () => keep("mark"), resume: () => keep("mark all") };
  const presence = { renew: async () => keep("renew") };
  const others = { peers, opening: new Opening(), presence, local, commands };
  const parts = { servers, keys, driver: full, link, store, feeds, ...others } as unknown as RedisParts;
  const upkeep = new Upkeep(parts, pace);
  return { upkeep, link, feeds, asked, upkept, failed, events: () => told as DriverEvents };
}

it("gives every new connection as long to answer as the first one had, and a worker none for messages", async () => {
  const { upkeep, asked } = upkeepOf({ ready: false }, () => {});
  upkeep.start();
  await vi.advanceTimersByTimeAsync(35_000);
  expect(asked).toEqual([0, 10, 20, 30].map((second) => [second, "open"]));
});

it("makes no connection anew for outages that were over soon, however many there were", async () => {
  const driver = { ready: false };
  const { upkeep, asked } = upkeepOf(driver, () => {});
  upkeep.start();
  for (let outage = 0; outage < 5; outage++) {
    driver.ready = false;
    await vi.advanceTimersByTimeAsync(8_000);
    driver.ready = true;
    await vi.advanceTimersByTimeAsync(2_000);
  }
  expect(asked).toEqual([[0, "open"]]);
});

it("asks for a worker every second whether a Redis that fell silent answers again", async () => {
  const driver = { ready: true, answers: false };
  const { upkeep, link, asked, events } = upkeepOf(driver, () => {});
  upkeep.start();
  events().ready();
  const lost = link.send("key", "GET").catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(1_500);
  expect(await lost).toMatchObject({ code: "log_unknown" });
  expect(upkeep.isSound).toBe(false);
  driver.answers = true;
  await vi.advanceTimersByTimeAsync(1_000);
  expect(upkeep.isSound).toBe(true);
  expect(asked).toEqual([
    [0, "open"],
    [0, "GET"],
    [2, "EXISTS"],
  ]);
});

it("subscribes to every room on the connections that it makes anew", async () => {
  const driver = { ready: true, listening: true, answers: true };
  const { upkeep, feeds, asked, events } = upkeepOf(driver, () => {});
  upkeep.start();
  void upkeep.listen().catch(() => {});
  events().ready();
  await feeds.watch("quay_q");
  driver.listening = false;
  asked.length = 0;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked).toEqual([
    [10, "open"],
    [10, "listen"],
  ]);
  driver.listening = true;
  events().ready();
  events().listening();
  await vi.advanceTimersByTimeAsync(0);
  expect(asked.slice(2)).toEqual([
    [10, "t:control"],
    [10, "t:node:node"],
    [10, "t:room:quay_q"],
  ]);
});

it("answers for its users three times in each lease, and compares its rooms as often as it is to", async () => {
  const driver = { ready: true, listening: true, answers: true };
  const { upkeep, feeds, upkept, events } = upkeepOf(driver, () => {}, { compareMs: 4_000, presenceLeaseMs: 6_000 });
  upkeep.start();
  void upkeep.listen().catch(() => {});
  events().ready();
  await feeds.watch("quay_q");
  await vi.advanceTimersByTimeAsync(9_000);
  const secondsOf = (what: string) => upkept.filter(([, each]) => each === what).map(([second]) => second);
  expect(secondsOf("renew")).toEqual([1, 3, 5, 7, 9]);
  expect(secondsOf("compare")).toEqual([1, 5, 9]);
  // What failed before is tried again each second.
  for (const what of ["begin anew", "mark"]) expect(secondsOf(what).slice(-9)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

it("does what waited for a connection as soon as it is made, and is not sure to hear until it heard itself again", async () => {
  const driver = { ready: true, listening: true, answers: true };
  const { upkeep, upkept, events } = upkeepOf(driver, () => {});
  upkeep.start();
  events().ready();
  const made = [
    [0, "begin anew"],
    [0, "mark all"],
    [0, "lapse"],
  ];
  expect(upkept).toEqual(made);
  void upkeep.listen().catch(() => {});
  events().ready();
  expect(upkept.splice(0)).toEqual([...made, ...made, [0, "probe"]]);
  events().listening();
  await vi.advanceTimersByTimeAsync(0);
  expect(upkept).toEqual([
    [0, "lapse"],
    [0, "probe"],
  ]);
});

it("tells of a message that cannot be taken, and keeps that from the client that brought it", () => {
  const { upkeep, failed, events } = upkeepOf({ ready: true }, (text) => {
    throw new Error(text);
  });
  upkeep.start();
  events().message("t:control", "null");
  expect(failed).toEqual([new Error("null")]);
});
