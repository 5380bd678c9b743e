import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { contract } from "@gestaloka/events";
import { contract as browserContract } from "@gestaloka/events/browser";
import { npcEncounterSchema, spUpdateSchema } from "@gestaloka/events/schemas";
import Ajv from "ajv/dist/2020.js";
import standalone from "ajv/dist/standalone/index.js";
import { Compile } from "typebox/compile";
import * as z from "zod/v4";
import { isNpcKinds, isSpKinds, kindCheckers, npcKinds, spKinds } from "./kinds.js";
import { npcEncounter, spUpdate } from "./payloads.js";
import { deviation, interleave, median, type Row, ratios } from "./statistics.js";
import { strictly } from "./strict-zod.js";

const CALLS = 100_000;

type Check = (value: unknown) => unknown;

// What a writer's check amounts to in zod, derivations included.
const zodSp = strictly(spUpdateSchema as never).refine((value) => {
  const { current_sp, amount_changed, balance_before, balance_after } = value as typeof spUpdate;
  return balance_before === current_sp - amount_changed && balance_after === current_sp;
});
const zodNpc = strictly(npcEncounterSchema as never);
const compile = (z as { compile?: (schema: z.ZodType) => z.ZodType }).compile;

/** Checks per payload, in ns, all in one process and interleaved. */
export async function checkSection(rounds: number, onRound: (round: number) => void): Promise<Row[]> {
  const payload = (name: string, of = contract) => {
    const checker = of.events.get(name)?.payload;
    if (!checker) throw new Error(`the contract lacks the measured event ${name}`);
    return checker;
  };
  const [sp, npc] = [payload("sp_update"), payload("npc_encounter")];
  const [nearSp, nearNpc] = [payload("sp_update", browserContract), payload("npc_encounter", browserContract)];
  const kinds = await kindCheckers();
  const brokenSp = { ...spUpdate, balance_after: "150" };
  const brokenNpc = { ...npcEncounter, npc: { ...npcEncounter.npc, is_active: "yes" } };
  const [schemaSp, schemaNpc] = [jsonSchema(zodSp), jsonSchema(zodNpc)];
  const [ajvSp, ajvNpc] = [ajvStandalone("sp", schemaSp), ajvStandalone("npc", schemaNpc)];
  const [typeboxSp, typeboxNpc] = [Compile(schemaSp as never), Compile(schemaNpc as never)];
  const [compiledSp, compiledNpc] = [compile?.(zodSp), compile?.(zodNpc)];

  const results = await interleave(
    rounds,
    {
      sp: time((value) => sp.accepts(value, "writer"), spUpdate, true),
      spAgain: time((value) => sp.accepts(value, "writer"), spUpdate, true),
      npc: time((value) => npc.accepts(value, "writer"), npcEncounter, true),
      spNo: time((value) => sp.accepts(value, "writer"), brokenSp, false),
      npcNo: time((value) => npc.accepts(value, "writer"), brokenNpc, false),
      spNear: time((value) => nearSp.accepts(value, "reader"), spUpdate, true),
      npcNear: time((value) => nearNpc.accepts(value, "reader"), npcEncounter, true),
      spKinds: time((value) => kinds.sp.accepts(value, "writer"), spKinds, true),
      npcKinds: time((value) => kinds.npc.accepts(value, "writer"), npcKinds, true),
      spHand: time(isSpKinds, spKinds, true),
      npcHand: time(isNpcKinds, npcKinds, true),
      zodSp: time((value) => zodSp.safeParse(value).success, spUpdate, true),
      zodNpc: time((value) => zodNpc.safeParse(value).success, npcEncounter, true),
      ajvSp: time(ajvSp, spUpdate, true),
      ajvNpc: time(ajvNpc, npcEncounter, true),
      typeboxSp: time((value) => typeboxSp.Check(value), spUpdate, true),
      typeboxNpc: time((value) => typeboxNpc.Check(value), npcEncounter, true),
      ...(compiledSp && compiledNpc
        ? {
            compiledSp: time((value) => compiledSp.safeParse(value).success, spUpdate, true),
            compiledNpc: time((value) => compiledNpc.safeParse(value).success, npcEncounter, true),
          }
        : {}),
    },
    onRound,
  );
  const of = (name: string) => results[name] ?? [];
  const noise = deviation(ratios(of("spAgain"), of("sp")));
  const section = "check";
  const ns = (name: string, task: string, note?: string): Row => ({
    section,
    name,
    value: median(of(task)),
    unit: "ns",
    ...(note === undefined ? {} : { note }),
  });
  const ratio = (name: string, above: string, below: string, budget: string): Row => ({
    section,
    name,
    value: median(ratios(of(above), of(below))),
    unit: "of it",
    budget,
    noise,
  });
  const alone = "no derivations, no look into open objects";
  return [
    {
      section,
      name: "A/A: sp_update against itself",
      value: median(ratios(of("spAgain"), of("sp"))),
      unit: "ratio",
      note: `± ${(noise * 100).toFixed(1)} %`,
    },
    ratio("sp_update, strict, against zod's strict parse of the same", "sp", "zodSp", "≤ 0.2"),
    ratio("npc_encounter, strict, against zod's strict parse of the same", "npc", "zodNpc", "≤ 0.2"),
    ratio("sp_update refused, before it is explained, against the yes", "spNo", "sp", "≤ 1"),
    ratio("npc_encounter refused, before it is explained, against the yes", "npcNo", "npc", "≤ 1"),
    ratio("sp_update, kinds and keys alone, against a hand-written check", "spKinds", "spHand", "≤ 2"),
    ratio("npc_encounter, kinds and keys alone, against a hand-written check", "npcKinds", "npcHand", "≤ 2"),
    ns("sp_update, this library", "sp"),
    ns("npc_encounter, this library", "npc"),
    ns("sp_update, kinds and keys alone, this library", "spKinds"),
    ns("npc_encounter, kinds and keys alone, this library", "npcKinds"),
    ns("sp_update, kinds and keys alone, hand-written", "spHand"),
    ns("npc_encounter, kinds and keys alone, hand-written", "npcHand"),
    ns("sp_update read by a browser's contract", "spNear", "small instead of fast"),
    ns("npc_encounter read by a browser's contract", "npcNear", "small instead of fast"),
    ns("sp_update, zod safeParse: nested strict, depth and derivations refined", "zodSp"),
    ns("npc_encounter, zod safeParse: nested strict, depth refined", "zodNpc"),
    ...(compiledSp
      ? [ns("sp_update, z.compile of it", "compiledSp"), ns("npc_encounter, z.compile of it", "compiledNpc")]
      : []),
    ns("sp_update, ajv standalone", "ajvSp", alone),
    ns("npc_encounter, ajv standalone", "ajvNpc", alone),
    ns("sp_update, typebox compiled", "typeboxSp", alone),
    ns("npc_encounter, typebox compiled", "typeboxNpc", alone),
  ];
}

function time(check: Check, value: unknown, expected: boolean): () => number {
  return () => {
    let accepted = 0;
    // The time of the process: what else the machine does does not count.
    const start = process.cpuUsage();
    for (let i = 0; i < CALLS; i++) if (check(value)) accepted++;
    const { user, system } = process.cpuUsage(start);
    const ns = ((user + system) * 1_000) / CALLS;
    if (accepted !== (expected ? CALLS : 0)) throw new Error("a check gave another verdict than it should");
    return ns;
  };
}

function jsonSchema(schema: z.ZodType): object {
  return z.toJSONSchema(schema, { unrepresentable: "any" }) as object;
}

// Generated to a file and loaded from it, as one that ships it does.
function ajvStandalone(name: string, schema: object): Check {
  const ajv = new Ajv({ strict: false, code: { source: true } });
  const write = ("default" in standalone ? standalone.default : standalone) as unknown as (
    ajv: Ajv,
    validate: unknown,
  ) => string;
  const folder = resolve(import.meta.dirname, "../../node_modules/.cache");
  mkdirSync(folder, { recursive: true });
  const file = resolve(folder, `bench-ajv-${name}.cjs`);
  writeFileSync(file, write(ajv, ajv.compile(schema)));
  return createRequire(import.meta.url)(file) as Check;
}
