import { describe, expect, it } from "vitest";
import { explain } from "../../../src/contract/explain.js";
import type { ObjectShape, PayloadShape, Shape } from "../../../src/contract/shape.js";
import { diffContracts } from "../../../src/export/diff/contract-diff.js";
import type { CommandSnapshot, ContractSnapshot, EventSnapshot } from "../../../src/export/snapshot.js";
import { sample } from "../../agree/payloads.js";
import { Random } from "../../agree/random.js";
import { changedObject, changedShape, randomPayloadShape } from "../../agree/shapes.js";

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const PAIRS = 10_000;
const SAMPLES = 4;

interface Payloads {
  readonly event: PayloadShape;
  readonly command: ObjectShape;
  readonly ack: ObjectShape;
}

function snapshot(payloads: Payloads, recover: boolean, offline: "queue" | "drop"): ContractSnapshot {
  const said = { summary: "A summary.", since: "1.0.0", logFields: [] };
  const event: EventSnapshot = {
    ...said,
    name: "something",
    appName: "some:thing",
    audience: "socket",
    lane: "normal",
    recover,
    derive: {},
    payload: payloads.event,
  };
  const command: CommandSnapshot = {
    ...said,
    name: "do_it",
    offline,
    refusals: [],
    payload: payloads.command,
    ack: payloads.ack,
  };
  return {
    format: "gestaloka-events/contract",
    revision: 1,
    name: "random",
    version: "1.0.0",
    fingerprint: "",
    events: [event],
    commands: [command],
    rooms: [],
    roles: {},
  };
}

function object(random: Random): ObjectShape {
  const shape = randomPayloadShape(random);
  return shape.kind === "object" ? shape : (shape.options[0] as ObjectShape);
}

function changed(before: Payloads, random: Random): Payloads {
  const event = random.chance(0.6) ? changedShape(before.event, random) : before.event;
  return {
    event: event.kind === "object" || event.kind === "choice" ? event : before.event,
    command: random.chance(0.4) ? changedObject(before.command, random) : before.command,
    ack: random.chance(0.4) ? changedObject(before.ack, random) : before.ack,
  };
}

describe("diffContracts", () => {
  it(`calls nothing safe that a deployed reader refuses (${PAIRS} pairs of contracts, SEED=${seed})`, () => {
    const random = new Random(seed);
    const tally = { safe: 0, breaking: 0, unjudged: 0, samples: 0 };
    for (let i = 0; i < PAIRS; i++) {
      const before = { event: randomPayloadShape(random), command: object(random), ack: object(random) };
      const after = changed(before, random);
      const recover = random.chance(0.5);
      const offline = random.pick(["queue", "drop"] as const);
      const skew = random.pick(["lingering", "both"] as const);
      const { verdict } = diffContracts(snapshot(before, recover, offline), snapshot(after, recover, offline), {
        skew,
      });
      tally[verdict]++;
      if (verdict !== "safe") continue;
      const judged: [string, Shape, Shape][] = [
        ["event, new to old", after.event, before.event],
        ["command, old to new", before.command, after.command],
        ["ack, new to old", after.ack, before.ack],
      ];
      if (recover || skew === "both") judged.push(["event, old to new", before.event, after.event]);
      if (offline === "queue" || skew === "both") {
        judged.push(["command, new to old", after.command, before.command], ["ack, old to new", before.ack, after.ack]);
      }
      for (const [what, writer, reader] of judged) {
        for (let j = 0; j < SAMPLES; j++) {
          const payload = sample(writer, random);
          if (explain(writer, payload, "writer")) continue;
          tally.samples++;
          const found = explain(reader, payload, "reader");
          if (found)
            expect.fail(`SEED=${seed} pair ${i}, ${what}: ${JSON.stringify({ writer, reader, payload, found })}`);
        }
      }
    }
    process.stdout.write(`diff: ${PAIRS} pairs, ${JSON.stringify(tally)}, SEED=${seed}\n`);
    expect(tally.safe).toBeGreaterThan(PAIRS / 20);
    expect(tally.samples).toBeGreaterThan(tally.safe * 3 * SAMPLES * 0.8);
  }, 600_000);
});
