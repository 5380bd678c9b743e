import { explain } from "../../src/contract/explain.js";
import type { ObjectShape, PayloadShape, Shape } from "../../src/contract/shape.js";
import { diffContracts } from "../../src/export/diff/contract-diff.js";
import type { CommandSnapshot, ContractSnapshot, EventSnapshot } from "../../src/export/snapshot.js";
import { sample } from "./payloads.js";
import { Random } from "./random.js";
import { changedObject, changedShape, randomPayloadShape } from "./shapes.js";

const SAMPLES = 4;
const SHOWN = 5;

interface Payloads {
  readonly event: PayloadShape;
  readonly command: ObjectShape;
  readonly ack: ObjectShape;
}

/** What judging random pairs of contracts gave. */
export interface JudgedPairs {
  readonly pairs: number;
  readonly safe: number;
  readonly breaking: number;
  readonly unjudged: number;
  /** Payloads of writers of pairs called safe, each put before the other side's reader. */
  readonly samples: number;
  readonly refused: number;
  /** The first few payloads that a reader refused though the pair was called safe. */
  readonly examples: readonly string[];
}

/**
 * Judges random pairs of contracts, and holds each verdict "safe" against payloads: what a writer of one side sends,
 * the other side's reader must accept.
 */
export function judgePairs(
  count: number,
  seed: number,
  judge: typeof diffContracts = diffContracts,
  onProgress: (judged: number) => void = () => undefined,
): JudgedPairs {
  const random = new Random(seed);
  const tally = { pairs: 0, safe: 0, breaking: 0, unjudged: 0, samples: 0, refused: 0 };
  const examples: string[] = [];
  while (tally.pairs < count) {
    const before = { event: randomPayloadShape(random), command: object(random), ack: object(random) };
    const after = changed(before, random);
    const recover = random.chance(0.5);
    const offline = random.pick(["queue", "drop"] as const);
    const skew = random.pick(["lingering", "both"] as const);
    const { verdict } = judge(snapshot(before, recover, offline), snapshot(after, recover, offline), { skew });
    tally[verdict]++;
    if (tally.pairs++ % 1_000 === 0) onProgress(tally.pairs);
    if (verdict !== "safe") continue;
    for (const [what, writer, reader] of meetings(before, after, recover, offline, skew)) {
      for (let j = 0; j < SAMPLES; j++) {
        const payload = sample(writer, random);
        if (explain(writer, payload, "writer")) continue;
        tally.samples++;
        const found = explain(reader, payload, "reader");
        if (found && ++tally.refused <= SHOWN)
          examples.push(`pair ${tally.pairs}, ${what}: ${JSON.stringify({ writer, reader, payload, found })}`);
      }
    }
  }
  return { ...tally, examples };
}

/** Who reads what whom wrote: from the wire's rules, and not from the judge's. */
function meetings(
  before: Payloads,
  after: Payloads,
  recover: boolean,
  offline: "queue" | "drop",
  skew: "lingering" | "both",
): [string, Shape, Shape][] {
  const met: [string, Shape, Shape][] = [
    ["event, new to old", after.event, before.event],
    ["command, old to new", before.command, after.command],
    ["ack, new to old", after.ack, before.ack],
  ];
  if (recover || skew === "both") met.push(["event, old to new", before.event, after.event]);
  if (offline === "queue" || skew === "both") {
    met.push(["command, new to old", after.command, before.command], ["ack, old to new", before.ack, after.ack]);
  }
  return met;
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
