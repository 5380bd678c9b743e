import { expect, it } from "vitest";
import { ackShapeKey } from "../../../src/contract/command.js";
import type { SourceContract } from "../../../src/contract/define-contract.js";
import { shapeKey } from "../../../src/contract/event.js";
import { explain } from "../../../src/contract/explain.js";
import type { PayloadShape, Shape } from "../../../src/contract/shape.js";
import { compiledNow } from "../../agree/compiled-pairs.js";
import { spoil } from "../../agree/misfits.js";
import { mutate } from "../../agree/mutations.js";
import { samplePayload } from "../../agree/payloads.js";
import { Random } from "../../agree/random.js";
import { randomPayloadShape } from "../../agree/shapes.js";

/** As much of a contract as compiling reads, around shapes that no schema was written for. */
function contractOf(shapes: readonly PayloadShape[]): SourceContract {
  const events = shapes.map((shape, i) => ({
    name: `event_${i}`,
    appName: `event:${i}`,
    audience: "socket",
    lane: "normal",
    recover: false,
    logFields: [],
    summary: "Something random.",
    since: "1.0.0",
    [shapeKey]: shape,
  }));
  // The same shapes as a client writes them; a command is never a choice.
  const none = { kind: "object", open: false, fields: [] };
  const commands = shapes.map((shape, i) => ({
    name: `command_${i}`,
    refusals: [],
    offline: "drop",
    identity: false,
    logFields: [],
    summary: "Something random.",
    since: "1.0.0",
    [shapeKey]: shape.kind === "object" ? shape : none,
    [ackShapeKey]: none,
  }));
  const byName = <TNamed extends { name: string }>(all: readonly TNamed[]) =>
    new Map(all.map((each) => [each.name, each]));
  const definition = { name: "random", version: "1.0.0", events, commands, rooms: {} };
  const maps = { events: byName(events), commands: byName(commands), roomKinds: new Map() };
  return { ...definition, ...maps, roles: {}, definition } as unknown as SourceContract;
}

it("compiles any shape to the verdicts and words of the walk over it", { timeout: 120_000 }, async () => {
  const seed = Math.floor(Math.random() * 2 ** 32);
  process.stdout.write(`random shapes, seed ${seed}\n`);
  const random = new Random(seed);
  const shapes = Array.from({ length: 100 }, () => randomPayloadShape(random));
  const { compiled, client } = await compiledNow(contractOf(shapes));
  let accepted = 0;
  for (const [i, shape] of shapes.entries()) {
    const checker = compiled.events.get(`event_${i}`)?.payload;
    for (let times = 0; times < 60; times++) {
      const role = random.pick(["writer", "reader"] as const);
      const sound = samplePayload(shape, {}, "", random, role);
      const payload = random.pick([() => sound, () => mutate(sound, random), () => spoil(sound, random)])();
      const issue = explain(shape, payload, role);
      expect({ shape, role, issue: checker?.explain(payload, role) }).toEqual({ shape, role, issue });
      expect(checker?.accepts(payload, role)).toBe(issue === undefined);
      if (role === "writer" && shape.kind === "choice") continue;
      const near = role === "reader" ? client.events.get(`event_${i}`) : client.commands.get(`command_${i}`);
      expect({ shape, role, issue: near?.payload.explain(payload, role) }).toEqual({ shape, role, issue });
      expect(near?.payload.accepts(payload, role)).toBe(issue === undefined);
      if (!issue) accepted++;
    }
  }
  expect(accepted).toBeGreaterThan(1_000);
});

it("compiles every bound of a list of texts, and all that is said of one text, to what the walk finds at it", async () => {
  const text = { kind: "string" } as const;
  const fields: Record<string, readonly [shape: Shape, accepted: readonly unknown[], refused: readonly unknown[]]> = {
    few: [{ kind: "array", items: text, max: 2 }, [[], ["a", "b"]], [["a", "b", "c"], [1]]],
    some: [{ kind: "array", items: text, min: 1 }, [["a"]], [[]]],
    least: [{ ...text, min: 2, patterns: [{ source: "^a", flags: "" }] }, ["aa"], ["a", "bb"]],
    most: [{ ...text, max: 2, patterns: [{ source: "^a", flags: "" }] }, ["aa"], ["aaa", "b"]],
    points: [{ ...text, points: [1, 2], max: 3 }, ["a", "a😀"], ["", "abc", "😀😀"]],
    moment: [{ ...text, timestamp: true, max: 20 }, ["2026-11-24T05:30:19Z"], ["2026-11-24T05:30:19.1Z", "2026"]],
    both: [{ ...text, timestamp: true, points: [1, 20] }, ["2026-11-24T05:30:19Z"], ["2026-11-24T05:30:19.1Z", "2026"]],
    none: [
      {
        kind: "either",
        options: [
          { kind: "literal", values: [null] },
          { kind: "array", items: text },
        ],
      },
      [null, []],
      ["", {}],
    ],
  };
  const shape: PayloadShape = {
    kind: "object",
    open: false,
    fields: Object.entries(fields).map(([name, [shape]]) => ({ name, shape, optional: true, nullish: false })),
  };
  const { compiled, client } = await compiledNow(contractOf([shape]));
  const judges = [compiled.events, client.events].map((events) => events.get("event_0")?.payload);
  for (const [name, [, accepted, refused]] of Object.entries(fields))
    for (const value of [...accepted, ...refused]) {
      const payload = { [name]: value };
      const issue = explain(shape, payload, "reader");
      expect([payload, issue === undefined]).toEqual([payload, accepted.includes(value)]);
      for (const judge of judges)
        expect({ payload, issue: judge?.explain(payload, "reader") }).toEqual({ payload, issue });
    }
});
