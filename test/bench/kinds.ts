import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { defineContract, defineEvent, room } from "@gestaloka/events";
import { npcEncounterSchema, spUpdateSchema } from "@gestaloka/events/schemas";
import { build } from "esbuild";
import type * as z from "zod/v4";
import { compileContract } from "../../src/compile/compile-contract.js";
import type { Contract, PayloadChecker } from "../../src/contract/contract.js";
import type { SourceContract } from "../../src/contract/define-contract.js";
import { npcEncounter, spUpdate } from "./payloads.js";

const root = resolve(import.meta.dirname, "../..");

/** What is left of a payload without its timestamp and its open objects: kinds and keys. */
const { timestamp: _, metadata: __, ...spKinds } = spUpdate;
const { timestamp: ___, ...npc } = npcEncounter;
const npcKinds = { ...npc, choices: npc.choices.map(({ id, text, difficulty }) => ({ id, text, difficulty })) };
for (const choice of npcKinds.choices)
  if (choice.difficulty === undefined) delete (choice as { difficulty?: string }).difficulty;

export { npcKinds, spKinds };

/** Checkers of both, generated here and now. */
export async function kindCheckers(): Promise<{ readonly sp: PayloadChecker; readonly npc: PayloadChecker }> {
  const choices = npcEncounterSchema.shape.choices as unknown as { unwrap(): { unwrap(): z.ZodArray<z.ZodObject> } };
  const choice = choices.unwrap().unwrap().element.omit({ requirements: true });
  const event = (name: string, payload: z.ZodObject, valid: object) =>
    defineEvent({
      name,
      appName: `bench:${name}`,
      audience: "bench",
      payload,
      lane: "normal",
      recover: false,
      summary: "Is measured.",
      since: "1.0.0",
      examples: { valid: [valid], invalid: [{ path: "type", payload: {} }] },
    } as never);
  const source = defineContract({
    name: "kinds",
    version: "1.0.0",
    events: [
      event("sp_kinds", spUpdateSchema.omit({ timestamp: true, metadata: true }) as never, spKinds),
      event(
        "npc_kinds",
        npcEncounterSchema.omit({ timestamp: true }).extend({ choices: choice.array().nullish() }) as never,
        npcKinds,
      ),
    ],
    commands: [],
    rooms: { bench: room("bench_{bench_id}", {}) },
  } as never);
  const contract = await published(source as unknown as SourceContract);
  const payload = (name: string) => contract.events.get(name)?.payload as PayloadChecker;
  return { sp: payload("sp_kinds"), npc: payload("npc_kinds") };
}

// Generated, bundled and loaded as an application's own contract would be.
async function published(source: SourceContract): Promise<Contract> {
  const folder = mkdtempSync(resolve(root, "node_modules/.cache/bench-kinds-"));
  try {
    for (const { path, text } of compileContract(source).files) writeFileSync(join(folder, path), text);
    const outfile = join(folder, "contract.mjs");
    await build({
      entryPoints: [join(folder, "contract.gen.ts")],
      bundle: true,
      format: "esm",
      outfile,
      logLevel: "error",
    });
    return ((await import(outfile)) as { contract: Contract }).contract;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

type Fields = Record<string, unknown>;
const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isWhole = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
const isTexts = (value: unknown) => Array.isArray(value) && value.every((item) => typeof item === "string");
const isMaybeText = (value: unknown) => value === undefined || typeof value === "string";

function hasKeys(value: Fields, count: number): boolean {
  for (const _ in value) count--;
  return count === 0;
}

/** Written as a careful engineer would: kinds and keys. */
export function isSpKinds(value: unknown): boolean {
  return (
    isFields(value) &&
    value.type === "sp_update" &&
    isWhole(value.current_sp) &&
    Number.isSafeInteger(value.amount_changed) &&
    transactionTypes.has(value.transaction_type) &&
    typeof value.description === "string" &&
    isWhole(value.balance_before) &&
    isWhole(value.balance_after) &&
    hasKeys(value, 7)
  );
}

const transactionTypes = new Set<unknown>(
  (spUpdateSchema.shape.transaction_type as unknown as { options: readonly string[] }).options,
);
const npcTypes = new Set<unknown>(["LOG_NPC", "PERMANENT_NPC", "TEMPORARY_NPC"]);
const difficulties = new Set<unknown>(["easy", "medium", "hard"]);

/** The same for the larger payload. */
export function isNpcKinds(value: unknown): boolean {
  return (
    isFields(value) &&
    value.type === "npc_encounter" &&
    typeof value.encounter_type === "string" &&
    isNpc(value.npc) &&
    (value.choices === undefined || (Array.isArray(value.choices) && value.choices.every(isChoice))) &&
    hasKeys(value, 3 + ("choices" in value ? 1 : 0))
  );
}

function isNpc(value: unknown): boolean {
  return (
    isFields(value) &&
    typeof value.npc_id === "string" &&
    typeof value.name === "string" &&
    isMaybeText(value.title) &&
    npcTypes.has(value.npc_type) &&
    isTexts(value.personality_traits) &&
    isTexts(value.behavior_patterns) &&
    isTexts(value.skills) &&
    isMaybeText(value.appearance) &&
    isMaybeText(value.backstory) &&
    isMaybeText(value.original_player) &&
    isMaybeText(value.log_source) &&
    Number.isFinite(value.contamination_level) &&
    Number.isFinite(value.persistence_level) &&
    isMaybeText(value.current_location) &&
    typeof value.is_active === "boolean" &&
    hasKeys(
      value,
      9 +
        ("title" in value ? 1 : 0) +
        ("appearance" in value ? 1 : 0) +
        ("backstory" in value ? 1 : 0) +
        ("original_player" in value ? 1 : 0) +
        ("log_source" in value ? 1 : 0) +
        ("current_location" in value ? 1 : 0),
    )
  );
}

function isChoice(value: unknown): boolean {
  return (
    isFields(value) &&
    typeof value.id === "string" &&
    typeof value.text === "string" &&
    (value.difficulty === undefined || difficulties.has(value.difficulty)) &&
    hasKeys(value, 2 + ("difficulty" in value ? 1 : 0))
  );
}
