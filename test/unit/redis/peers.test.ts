import { afterEach, expect, it, onTestFinished, vi } from "vitest";
import { toKeys } from "../../../src/redis/keys.js";
import type { Link } from "../../../src/redis/link.js";
import { liveScript, renewScript } from "../../../src/redis/peer-scripts.js";
import { type Notice, Peers } from "../../../src/redis/peers.js";
import type { Script } from "../../../src/redis/script.js";

afterEach(() => {
  vi.useRealTimers();
});

const text = (...words: string[]) => JSON.stringify(words);

/** A server over a Redis that answers at once: what it heard and did in order, and what it said to whom. */
function open() {
  const told: (Notice | string)[] = [];
  const said: string[][] = [];
  const world = { live: [] as string[], orders: [] as string[], isAway: false, read: [] as unknown[], answers() {} };
  const run = async (script: Script, _keys: readonly string[], args: readonly string[]) => {
    if (world.isAway) throw new Error("away");
    if (script === liveScript) return world.live;
    if (script !== renewScript) return said.push([String(args[2]), String(args[3])]);
    told.push("renews");
    world.read.push(args[2]);
    world.answers();
    return ["1-0", ...world.orders];
  };
  const send = async (_key: string, ...args: string[]) => (args[0] === "TIME" ? ["1", "0"] : said.push(args.slice(1)));
  const peers: Peers = new Peers({ run, send, probe: send } as unknown as Link, toKeys("game"), 5_000, {
    heard: (notice) => told.push(notice),
    leased: () => told.push(peers.hasLease ? "is sure" : "is sure too early"),
    missed: () => told.push("missed some"),
    failed: (error) => told.push(String(error)),
  });
  /** It hears its own probe, and what comes of that. */
  const hear = async (probe: number) => {
    peers.receive(text("probe", String(probe)));
    for (let turns = 0; turns < 10; turns++) await Promise.resolve();
    return told.splice(0);
  };
  return { peers, world, told, said, hear };
}

const order = (from: string, number: number) => text("order", from, String(number), "disconnect", "ada", "revoked");
const disconnect = ["disconnect", "ada", "revoked"];

it("begins a lease with the first probe that it hears, obeys what it missed first, and says when it misses one", async () => {
  const { peers, world, hear } = open();
  expect(await hear(3)).toEqual([]);
  peers.begin();
  world.orders = [order("another", 1)];
  expect(await hear(7)).toEqual(["missed some", "renews", disconnect, "is sure"]);
  world.orders = [];
  expect(await hear(8)).toEqual(["renews"]);
  expect(await hear(10)).toEqual(["missed some", "renews"]);
  peers.lapse();
  expect(peers.hasLease).toBe(false);
  expect(await hear(11)).toEqual(["renews", "is sure"]);
  world.isAway = true;
  expect(await hear(12)).toEqual(["Error: away"]);
  world.isAway = false;
  expect(await hear(13)).toEqual(["renews"]);
});

it("asks for the orders since it began, and then for those since the last, and is sure no longer than others wait for it", async () => {
  let now = 500;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  onTestFinished(() => void vi.restoreAllMocks());
  const { peers, world, hear } = open();
  peers.begin();
  now = 800;
  world.answers = () => {
    now = 900;
  };
  expect(await hear(1)).toEqual(["renews", "is sure"]);
  now = 5_799;
  expect(peers.hasLease).toBe(true);
  now = 5_800;
  expect(peers.hasLease).toBe(false);
  await hear(2);
  // Redis says that it is 1 s.
  expect(world.read).toEqual(["700-0", "1-0"]);
});

it("misses nothing before the first that it hears, and renews once at a time", async () => {
  const { peers, hear, told } = open();
  peers.begin();
  peers.receive(text("probe", "5"));
  expect(await hear(6)).toEqual(["renews", "is sure"]);
  expect(told).toEqual([]);
});

it("obeys an order of another server once, however often it is said, and confirms it each time", () => {
  const { peers, told, said } = open();
  for (let times = 0; times < 2; times++) peers.receive(order("another", 1));
  peers.receive(order("another", 2));
  // What it ordered itself it obeyed as it did: whoever came since is not meant.
  peers.receive(order(peers.id, 1));
  peers.receive("not of this library");
  expect(told).toEqual([disconnect, disconnect]);
  const confirmed = (number: string) => ["game:node:another", text("obeyed", number, peers.id)];
  expect(said).toEqual([confirmed("1"), confirmed("1"), confirmed("2")]);
  for (let number = 3; number <= 1_100; number++) peers.receive(order("another", number));
  told.length = 0;
  peers.receive(order("another", 1_100));
  expect(told).toEqual([]);
});

it("waits until every server that has a lease obeyed, and says it again to those that did not", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const { peers, world, told, said } = open();
  world.live = [peers.id, "one", "other"];
  let isDone = false;
  const ordered = peers.order(disconnect).then(() => {
    isDone = true;
  });
  await vi.advanceTimersByTimeAsync(499);
  expect(said).toHaveLength(1);
  // It obeys itself, at once.
  expect(told).toEqual([disconnect]);
  peers.receive(text("obeyed", "1", "one"));
  await vi.advanceTimersByTimeAsync(1);
  expect([isDone, said.length]).toEqual([false, 2]);
  expect(said[1]).toEqual(said[0]);
  peers.receive(text("obeyed", "1", "other"));
  // Nobody waits for the half of a second to pass.
  await ordered;
  expect(vi.getTimerCount()).toBe(0);
});
