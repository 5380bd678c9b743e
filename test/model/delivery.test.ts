import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawingMs, drawRuns } from "./drawing.js";
import { harm } from "./links.js";
import { kept, type Quay, quays, type UserName, users, World } from "./world.js";

/** One thing that happens; the order, the users and the rooms are what fast-check draws, and shrinks. */
type Step =
  | { readonly do: "publish"; readonly quay: Quay; readonly count: number; readonly isLarge: boolean }
  /** What coalesces, and what is of a low lane. */
  | { readonly do: "turn" | "drain"; readonly quay: Quay; readonly count: number }
  | {
      readonly do: "join" | "leave" | "revoke" | "grant" | "send" | "expire";
      readonly user: UserName;
      readonly quay: Quay;
    }
  | { readonly do: "cut" | "reset" | "half-open" | "away" | "reconnect" | "late" | "haunt"; readonly user: UserName }
  | { readonly do: "trim"; readonly quay: Quay }
  /** Events every few ms for a while, in which whatever comes next happens. */
  | { readonly do: "stream"; readonly quay: Quay; readonly count: number; readonly isLarge: boolean }
  /** A right is taken back while its room is being joined, and given back, after so many ms or after an event. */
  | {
      readonly do: "race";
      readonly user: UserName;
      readonly quay: Quay;
      readonly ms: number;
      readonly isJoinFirst: boolean;
    }
  /** Credentials that live so long, from the next connection on, where others are taken in band, or are not. */
  | { readonly do: "shorten" | "outlive" | "renew"; readonly user: UserName; readonly quay: Quay; readonly ms: number }
  /** Away; meanwhile the right is taken back, something is published, and the right is given back. */
  | { readonly do: "revoked-away"; readonly user: UserName; readonly quay: Quay; readonly count: number }
  /** A command, and a cut so many ms later. */
  | { readonly do: "send-cut"; readonly user: UserName; readonly quay: Quay; readonly ms: number }
  | { readonly do: "flush" | "restart" | "settle" };

const user = fc.constantFrom(...users);
const quay = fc.constantFrom(...quays);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("publish" as const),
      quay,
      count: fc.integer({ min: 1, max: 4 }),
      isLarge: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom("turn" as const, "turn" as const, "turn" as const, "drain" as const),
      quay,
      count: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("race" as const),
      user,
      quay,
      ms: fc.integer({ min: 0, max: 12 }),
      isJoinFirst: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom("shorten" as const, "outlive" as const, "renew" as const),
      user,
      quay,
      ms: fc.integer({ min: 20, max: 400 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("join" as const), user, quay }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom("leave" as const, "revoke" as const, "grant" as const), user, quay }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom("send" as const, "expire" as const), user, quay }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom(
        "cut" as const,
        "reset" as const,
        "half-open" as const,
        "away" as const,
        "reconnect" as const,
        "haunt" as const,
      ),
      user,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("late" as const), user }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("trim" as const), quay }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("stream" as const),
      quay,
      count: fc.integer({ min: 2, max: kept }),
      isLarge: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("revoked-away" as const),
      user,
      quay,
      count: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("send-cut" as const), user, quay, ms: fc.integer({ min: 0, max: 8 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom("flush" as const, "restart" as const, "settle" as const) }) },
);

async function take(world: World, one: Step): Promise<void> {
  const { expected } = world;
  expected.note(JSON.stringify(one));
  switch (one.do) {
    case "publish":
      return publish(world, one.quay, one.count, one.isLarge);
    case "turn":
      excuse(world, one.quay, one.count);
      world.during(world.turn(one.quay, one.count));
      return;
    case "drain":
      // Everybody knows of the log that is there now.
      await publish(world, one.quay, 1);
      await settle(world);
      return world.drain(one.quay, one.count);
    case "race":
      return race(world, one);
    case "shorten":
      world.shorten(one.user, one.ms);
      return world.sailor(one.user).proxy.cut();
    case "outlive":
      return world.outlive(one.user, one.ms / 4);
    case "renew":
      return world.renew(one.user, one.quay, 100 + one.ms / 4);
    case "haunt":
      return world.haunt(one.user);
    case "trim":
      return publish(world, one.quay, kept + 3);
    case "stream":
      world.during(publishSlowly(world, one.quay, one.count, one.isLarge));
      return;
    case "revoked-away":
      await take(world, { do: "away", user: one.user });
      await world.revoke(one.user, one.quay);
      await publish(world, one.quay, one.count);
      world.grant(one.user, one.quay);
      return take(world, { do: "reconnect", user: one.user });
    case "send-cut":
      world.send(one.user, one.quay);
      await new Promise((resolve) => setTimeout(resolve, one.ms));
      return world.sailor(one.user).proxy.cut();
    case "join":
      return world.join(one.user, one.quay);
    case "leave":
      return world.leave(one.user, one.quay);
    case "revoke":
      return world.revoke(one.user, one.quay);
    case "grant":
      return world.grant(one.user, one.quay);
    case "send":
      return world.send(one.user, one.quay);
    case "expire":
      return world.send(one.user, one.quay, 40);
    case "cut":
    case "reset":
    case "half-open":
    case "away":
      return harm(world.sailor(one.user), one.do);
    case "late":
      return world.late(one.user);
    case "reconnect":
      world.sailor(one.user).proxy.set({ accept: "pass" });
      return void world.reconnect(one.user);
    case "flush":
      return world.flush();
    case "restart":
      await world.streamed();
      return world.restart();
    case "settle":
      return settle(world);
  }
}

/** Whoever may have missed more than the log keeps has an excuse; a quick reader has none, but there is no telling here. */
function excuse(world: World, room: Quay, count: number): void {
  world.sinceSettled.set(room, (world.sinceSettled.get(room) ?? 0) + count);
  if ((world.sinceSettled.get(room) ?? 0) > kept) for (const each of users) world.expected.excuse(each, room);
}

async function publish(world: World, room: Quay, count: number, isLarge = false): Promise<void> {
  excuse(world, room, count);
  await world.publish(room, count, isLarge);
}

async function race(world: World, one: Extract<Step, { readonly do: "race" }>): Promise<void> {
  const { user, quay: room, ms, isJoinFirst } = one;
  // Whoever is in it already is not let in.
  if (isJoinFirst) await world.leave(user, room);
  const judged = isJoinFirst && world.whenJudged(user, room);
  const joining = isJoinFirst && world.join(user, room);
  await judged;
  const revoked = world.revoke(user, room);
  const joined = joining || world.join(user, room);
  await new Promise((resolve) => setTimeout(resolve, ms));
  if (isJoinFirst) await publish(world, room, 1);
  world.grant(user, room);
  await revoked;
  await joined;
}

async function publishSlowly(world: World, room: Quay, count: number, isLarge: boolean): Promise<void> {
  for (let index = 0; index < count; index++) {
    await publish(world, room, 1, isLarge);
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
}

async function settle(world: World): Promise<void> {
  const { expected } = world;
  await world.streamed();
  await world.calm();
  await world.until(
    () => users.every((each) => world.reconnect(each) && quays.every((room) => expected.isThrough(each, room))),
    "everybody has handled everything, or knows better",
  );
  world.sinceSettled.clear();
  expected.settled();
}

/** Every command ends, and was started as often as its outcome says. */
async function settleCommands(world: World): Promise<void> {
  await settle(world);
  for (const { crates, outcome, server, mayExpire } of world.sent) {
    const end = await outcome;
    const times = world.started.get(crates) ?? 0;
    const again = world.wasRestartedSince(server);
    const told = `command ${crates} was ${end} and started ${times} times`;
    if (times > 1 && !again) world.expected.wrong.push(told);
    if (end === "applied" && times === 0) world.expected.wrong.push(told);
    const isLate = world.wasLate && (end === "timeout" || end === "identity_mismatch");
    if (end === "expired" ? !mayExpire : end !== "applied" && end !== "forbidden" && !isLate)
      world.expected.wrong.push(told);
  }
}

async function play(steps: readonly Step[]): Promise<void> {
  const world = await World.open();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it hangs after\n${world.expected.story()}`)), hangMs);
  });
  try {
    await Promise.race([perform(world, steps), late]);
  } finally {
    clearTimeout(timer);
    await world.close();
  }
}

async function perform(world: World, steps: readonly Step[]): Promise<void> {
  await world.calm();
  await Promise.all(users.flatMap((each) => quays.map((room) => world.join(each, room))));
  for (const one of steps) {
    await take(world, one);
    if (world.expected.wrong.length > 0) break;
  }
  if (world.expected.wrong.length === 0) await settleCommands(world);
  expect(world.expected.wrong, world.expected.story()).toEqual([]);
}

const limitMs = drawingMs(12_000);
const hangMs = 40_000;

describe("whatever happens to links, logs, rights and servers", () => {
  it("hands every event on once and in order, or says that it could not, and applies every command once", {
    timeout: limitMs + 60_000,
  }, async () => {
    const drawn = fc.array(step, { minLength: 8, maxLength: 28 });
    await drawRuns({ of: "delivery", limitMs, perRunMs: 100, shrinks: false, drawn, play });
  });
});
