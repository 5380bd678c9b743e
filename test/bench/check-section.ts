import { contract } from "@gestaloka/events";
import { npcEncounterSchema, spUpdateSchema } from "@gestaloka/events/schemas";
import Ajv from "ajv/dist/2020.js";
import { Compile } from "typebox/compile";
import * as z from "zod/v4";
import { npcEncounter, spUpdate } from "./payloads.js";
import { deviation, interleave, median, type Row, ratios } from "./statistics.js";

const CALLS = 200_000;

// Written as a busy engineer would: kinds and keys, no timestamp, no look into open objects.
function handWrittenSp(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const v = value as Record<string, unknown>;
  return (
    v.type === "sp_update" &&
    Number.isSafeInteger(v.current_sp) &&
    Number.isSafeInteger(v.amount_changed) &&
    typeof v.transaction_type === "string" &&
    typeof v.description === "string" &&
    Number.isSafeInteger(v.balance_before) &&
    Number.isSafeInteger(v.balance_after) &&
    (v.metadata === undefined || (typeof v.metadata === "object" && v.metadata !== null)) &&
    typeof v.timestamp === "string"
  );
}

// The schema's own strict form: what a writer's check amounts to in zod.
const strictSp = spUpdateSchema.strict();
const strictNpc = npcEncounterSchema.strict();
const compile = (z as { compile?: (schema: z.ZodType) => z.ZodType }).compile;

/** Checks per payload, in ns, all in one process and interleaved. */
export async function checkSection(rounds: number, onRound: (round: number) => void): Promise<Row[]> {
  const sp = contract.events.get("sp_update")?.payload;
  const npc = contract.events.get("npc_encounter")?.payload;
  if (!sp || !npc) throw new Error("the contract lacks the measured events");
  const brokenSp = { ...spUpdate, balance_after: "150" };
  const brokenNpc = { ...npcEncounter, npc: { ...npcEncounter.npc, is_active: "yes" } };
  const jsonSchema = (schema: z.ZodType) => z.toJSONSchema(schema, { unrepresentable: "any" }) as object;
  const ajv = new Ajv({ strict: false });
  const ajvSp = ajv.compile(jsonSchema(strictSp));
  const ajvNpc = ajv.compile(jsonSchema(strictNpc));
  const typeboxSp = Compile(jsonSchema(strictSp) as never);
  const typeboxNpc = Compile(jsonSchema(strictNpc) as never);
  const compiledSp = compile?.(strictSp);
  const compiledNpc = compile?.(strictNpc);

  const time = (check: (value: unknown) => unknown, value: unknown) => () => {
    let sink = 0;
    const start = process.hrtime.bigint();
    for (let i = 0; i < CALLS; i++) if (check(value)) sink++;
    const ns = Number(process.hrtime.bigint() - start) / CALLS;
    if (sink !== 0 && sink !== CALLS) throw new Error("a check changed its mind");
    return ns;
  };
  const results = await interleave(
    rounds,
    {
      sp: time((value) => sp.accepts(value, "writer"), spUpdate),
      spAgain: time((value) => sp.accepts(value, "writer"), spUpdate),
      npc: time((value) => npc.accepts(value, "writer"), npcEncounter),
      spNo: time((value) => sp.accepts(value, "writer"), brokenSp),
      npcNo: time((value) => npc.accepts(value, "writer"), brokenNpc),
      hand: time(handWrittenSp, spUpdate),
      zodSp: time((value) => strictSp.safeParse(value).success, spUpdate),
      zodNpc: time((value) => strictNpc.safeParse(value).success, npcEncounter),
      ajvSp: time((value) => ajvSp(value), spUpdate),
      ajvNpc: time((value) => ajvNpc(value), npcEncounter),
      typeboxSp: time((value) => typeboxSp.Check(value), spUpdate),
      typeboxNpc: time((value) => typeboxNpc.Check(value), npcEncounter),
      ...(compiledSp && compiledNpc
        ? {
            compiledSp: time((value) => compiledSp.safeParse(value).success, spUpdate),
            compiledNpc: time((value) => compiledNpc.safeParse(value).success, npcEncounter),
          }
        : {}),
    },
    onRound,
  );
  const of = (name: string) => results[name] ?? [];
  const noise = deviation(ratios(of("spAgain"), of("sp")));
  const section = "check";
  const ns = (name: string, task: string): Row => ({ section, name, value: median(of(task)), unit: "ns" });
  const ratio = (name: string, above: string, below: string, budget: string): Row => ({
    section,
    name,
    value: median(ratios(of(above), of(below))),
    unit: "of it",
    budget,
    noise,
  });
  return [
    {
      section,
      name: "A/A: sp_update against itself",
      value: median(ratios(of("spAgain"), of("sp"))),
      unit: "ratio",
      note: `± ${(noise * 100).toFixed(1)} %`,
    },
    ratio("sp_update, strict, against zod's strict parse", "sp", "zodSp", "≤ 0.2"),
    ratio("npc_encounter, strict, against zod's strict parse", "npc", "zodNpc", "≤ 0.2"),
    ratio("sp_update refused, before it is explained, against the yes", "spNo", "sp", "≤ 1"),
    ratio("npc_encounter refused, before it is explained, against the yes", "npcNo", "npc", "≤ 1"),
    ns("sp_update, this library", "sp"),
    ns("npc_encounter, this library", "npc"),
    ns("sp_update, hand-written: kinds alone", "hand"),
    ns("sp_update, zod safeParse, strict", "zodSp"),
    ns("npc_encounter, zod safeParse, strict", "zodNpc"),
    ...(compiledSp ? [ns("sp_update, z.compile", "compiledSp"), ns("npc_encounter, z.compile", "compiledNpc")] : []),
    ns("sp_update, ajv compiled", "ajvSp"),
    ns("npc_encounter, ajv compiled", "ajvNpc"),
    ns("sp_update, typebox compiled", "typeboxSp"),
    ns("npc_encounter, typebox compiled", "typeboxNpc"),
  ];
}
