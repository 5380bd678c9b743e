import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeRedis } from "../support/describe-redis.js";
import { RedisProcess } from "../support/redis-process.js";
import { drawingMs, drawRuns } from "./drawing.js";
import { Fleet, type Quay, quays, type UserName, users } from "./fleet.js";
import type { EmitKind } from "./ledger.js";
import { harm } from "./links.js";

/** One thing that happens; a node is one of those that are there, by turns. */
type Step =
  | {
      readonly do: "emit" | "stream";
      readonly quay: Quay;
      readonly node: number;
      readonly kinds: readonly EmitKind[];
      readonly repeats: boolean;
    }
  | { readonly do: "join" | "leave" | "grant" | "send"; readonly user: UserName; readonly quay: Quay }
  | { readonly do: "revoke"; readonly user: UserName; readonly quay: Quay; readonly node: number }
  | { readonly do: "expel" | "move" | "send-twice"; readonly user: UserName; readonly node: number }
  | { readonly do: "cut" | "half-open" | "away" | "reconnect"; readonly user: UserName }
  /** A command, and so many ms later its connection is another server's. */
  | {
      readonly do: "send-move";
      readonly user: UserName;
      readonly quay: Quay;
      readonly node: number;
      readonly ms: number;
    }
  /** Away; meanwhile the right is taken back, something is emitted, and the right is given back. */
  | {
      readonly do: "revoked-away";
      readonly user: UserName;
      readonly quay: Quay;
      readonly node: number;
      readonly kinds: readonly EmitKind[];
    }
  /** The right is taken back at one server, and then something is emitted at another. */
  | { readonly do: "revoke-emit"; readonly user: UserName; readonly quay: Quay; readonly node: number }
  /** What Redis answers a server is lost, but what that one asks is not. */
  | {
      readonly do: "emit-unanswered";
      readonly quay: Quay;
      readonly node: number;
      readonly kinds: readonly EmitKind[];
    }
  | { readonly do: "close" | "sever"; readonly node: number; readonly ms: number }
  | { readonly do: "kill"; readonly node: number }
  | { readonly do: "hold"; readonly ms: number }
  | { readonly do: "trim"; readonly quay: Quay }
  | { readonly do: "start" | "forget-scripts" | "flush" | "settle" };

const what = <TName extends string>(...names: TName[]) => fc.constantFrom(...names);
const user = fc.constantFrom(...users);
const quay = fc.constantFrom(...quays);
const node = fc.nat(5);
const kinds = fc.array(fc.constantFrom<EmitKind>("exact", "exact", "exact", "latest", "low"), {
  minLength: 1,
  maxLength: 8,
});
const short = fc.integer({ min: 0, max: 8 });
const steps: readonly [weight: number, arbitrary: fc.Arbitrary<Step>][] = [
  [8, fc.record({ do: what("emit", "stream"), quay, node, kinds, repeats: fc.boolean() })],
  [6, fc.record({ do: what("join", "join", "leave", "grant", "send"), user, quay })],
  [2, fc.record({ do: what("revoke"), user, quay, node })],
  [6, fc.record({ do: what("expel", "move", "move", "send-twice", "send-twice"), user, node })],
  [2, fc.record({ do: what("revoke-emit"), user, quay, node })],
  [4, fc.record({ do: what("emit-unanswered"), quay, node, kinds })],
  [5, fc.record({ do: what("cut", "half-open", "away", "reconnect"), user })],
  [3, fc.record({ do: what("send-move"), user, quay, node, ms: short })],
  [2, fc.record({ do: what("revoked-away"), user, quay, node, kinds })],
  [3, fc.record({ do: what("close", "sever", "sever"), node, ms: fc.constantFrom(0, 0, 100) })],
  [2, fc.record({ do: what("kill"), node })],
  [1, fc.record({ do: what("hold"), ms: fc.constantFrom(50, 150, 900) })],
  [1, fc.record({ do: what("trim"), quay })],
  [5, fc.record({ do: what("start", "start", "forget-scripts", "flush", "settle") })],
];
const step = fc.oneof(...steps.map(([weight, arbitrary]) => ({ weight, arbitrary })));

async function take(fleet: Fleet, one: Step): Promise<void> {
  fleet.ledger.note(JSON.stringify(one));
  switch (one.do) {
    case "emit":
      return fleet.during(fleet.emit(one.quay, one.kinds, one.node, one.repeats), 200);
    case "stream":
      return fleet.during(emitSlowly(fleet, one.quay, one.kinds, one.node, one.repeats));
    case "join":
    case "leave":
      return fleet[one.do](one.user, one.quay);
    case "grant":
      return fleet.grant(one.user, one.quay);
    case "revoke":
      return fleet.revoke(one.user, one.quay, one.node);
    case "expel":
      return fleet.expel(one.user, one.node);
    case "send":
      return fleet.send(one.user, one.quay);
    case "send-twice":
      return fleet.sendTwice(one.user, one.node);
    case "move":
      return fleet.move(one.user, one.node);
    case "send-move":
      fleet.send(one.user, one.quay);
      await new Promise((resolve) => setTimeout(resolve, one.ms));
      return fleet.move(one.user, one.node);
    case "cut":
    case "half-open":
    case "away":
      return harm(fleet.sailor(one.user), one.do);
    case "reconnect":
      fleet.sailor(one.user).proxy.set({ accept: "pass" });
      return void fleet.reconnect(one.user);
    case "revoked-away":
      await take(fleet, { do: "away", user: one.user });
      await fleet.revoke(one.user, one.quay, one.node);
      await take(fleet, { do: "emit", quay: one.quay, node: one.node, kinds: one.kinds, repeats: true });
      fleet.grant(one.user, one.quay);
      return take(fleet, { do: "reconnect", user: one.user });
    case "revoke-emit":
      await fleet.revoke(one.user, one.quay, one.node);
      return fleet.during(fleet.emit(one.quay, ["exact"], one.node + 1, true), 200);
    case "emit-unanswered":
      await fleet.sever(one.node, 30, true);
      return fleet.during(fleet.emit(one.quay, one.kinds, one.node, true), 200);
    case "close":
      return fleet.closeNode(one.node, one.ms);
    case "kill":
      return fleet.killNode(one.node);
    case "start":
      return fleet.startNode();
    case "sever":
      return fleet.sever(one.node, one.ms);
    case "hold":
      return fleet.hold(one.ms);
    case "trim":
      return fleet.trim(one.quay);
    case "forget-scripts":
      return fleet.forgetScripts();
    case "flush":
      return fleet.flush();
    case "settle":
      return settle(fleet);
  }
}

/** One every few ms, each at the next server, in which whatever comes next happens. */
async function emitSlowly(fleet: Fleet, room: Quay, all: readonly EmitKind[], from: number, repeats: boolean) {
  const emits: Promise<void>[] = [];
  for (const [at, kind] of all.entries()) {
    emits.push(fleet.emit(room, [kind], from + at, repeats));
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
  await Promise.all(emits);
}

async function settle(fleet: Fleet): Promise<void> {
  const { ledger } = fleet;
  await fleet.quiet();
  await fleet.calm();
  // Whatever was lost before shows by now, and whoever is still where they may not be.
  await Promise.all(quays.flatMap((room) => fleet.nodes.map((_, at) => fleet.emit(room, ["exact"], at, true))));
  await fleet.until(() =>
    users.flatMap((each) =>
      fleet.reconnect(each) ? quays.flatMap((room) => ledger.owed(each, room)) : [`${each} is away`],
    ),
  );
  ledger.settled();
}

/** Every command ends, and was started once unless a server died with it, or Redis forgot it. */
async function settleCommands(fleet: Fleet): Promise<void> {
  await fleet.until(() =>
    fleet.sent.flatMap(({ crates, outcome }) => (outcome === undefined ? [`command ${crates} has no answer`] : [])),
  );
  for (const { crates, outcome, mayRunAgain } of fleet.sent) {
    const times = fleet.started.get(crates) ?? 0;
    const told = `command ${crates} was ${outcome} and started ${times} times`;
    const isKnown = ["applied", "forbidden", "backend_unavailable", "lost"].includes(String(outcome));
    if ((times > 1 && !mayRunAgain) || (outcome === "applied" && times === 0) || !isKnown) fleet.ledger.fail(told);
  }
}

async function perform(fleet: Fleet, all: readonly Step[]): Promise<void> {
  await fleet.calm();
  await Promise.all(users.flatMap((each) => quays.map((room) => fleet.join(each, room))));
  const { wrong } = fleet.ledger;
  for (const one of all) {
    await take(fleet, one);
    if (wrong.length > 0) return;
  }
  await settle(fleet);
  if (wrong.length === 0) await settleCommands(fleet);
}

async function play(redis: RedisProcess, all: readonly Step[]): Promise<void> {
  await redis.command("FLUSHALL");
  const fleet = await Fleet.open(redis);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it hangs after\n${fleet.ledger.story()}`)), hangMs);
  });
  try {
    await Promise.race([perform(fleet, all), late]);
    expect(fleet.ledger.wrong, fleet.ledger.story()).toEqual([]);
  } finally {
    clearTimeout(timer);
    await fleet.close();
  }
}

const limitMs = drawingMs(9_000);
const hangMs = 90_000;

describeRedis("whatever happens to several servers, their clients and what they have of Redis", () => {
  let redis: RedisProcess;
  beforeAll(async () => {
    redis = await RedisProcess.start();
  });
  afterAll(() => redis.close());

  it("gives every event once and in one order or says that it could not, nothing to whom it is not for, and runs a command once", {
    timeout: limitMs + 3 * hangMs,
  }, async () => {
    const drawn = fc.array(step, { minLength: 8, maxLength: 28, size: "max" });
    const of = "several servers";
    await drawRuns({ of, limitMs, perRunMs: 100, shrinks: false, drawn, play: (all) => play(redis, all) });
  });
});
