import { ContractError } from "./errors.js";
import type { Schema } from "./schema.js";

/** What is read of zod's `_zod.def`, over all kinds of schema. */
export interface ZodDef {
  readonly type: string;
  readonly checks?: readonly { readonly _zod: { readonly def: ZodCheckDef } }[];
  readonly coerce?: boolean;
  readonly check?: string;
  readonly format?: string;
  readonly pattern?: RegExp;
  readonly values?: readonly unknown[];
  readonly entries?: Readonly<Record<string, unknown>>;
  readonly shape?: Readonly<Record<string, Schema>>;
  readonly catchall?: Schema;
  readonly element?: Schema;
  readonly innerType?: Schema;
  readonly options?: readonly Schema[];
  readonly discriminator?: string;
  readonly keyType?: Schema;
  readonly valueType?: Schema;
  readonly getter?: () => Schema;
}

/** What is read of one check of a schema. */
export interface ZodCheckDef {
  readonly check: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly length?: number;
  readonly value?: number;
  readonly inclusive?: boolean;
  readonly format?: string;
  readonly pattern?: RegExp;
}

/** Where in a payload or an acknowledgement a schema stands, and the schemas around it. */
export interface Place {
  readonly event: string;
  readonly part: "payload" | "ack";
  readonly path: string;
  readonly around: readonly object[];
}

/** What zod knows about a schema. */
export function zodDefOf(schema: Schema, place: Place): ZodDef {
  const definition = (schema as Partial<Schema> | undefined)?._zod?.def;
  if (!definition) {
    throw unsupported(place, "what is no zod 4 schema", 'write it with import * as z from "zod/v4"');
  }
  return definition as ZodDef;
}

/** The error of a schema that a payload cannot have; `instead` says what to write. */
export function unsupported({ event, part, path }: Place, what: string, instead: string): ContractError {
  const where = path === "" ? part : `${part}.${path}`;
  return new ContractError("schema_unsupported", `${where}: ${what} is not wire-stable; ${instead}`, { event });
}

/** The checks of a schema; one whose bound is none that JSON, or its schemas, can say is refused. */
export function checksOf(def: ZodDef, place: Place): ZodCheckDef[] {
  const checks = (def.checks ?? []).map((check) => check._zod.def);
  for (const check of checks) {
    const bounds = Object.values(check).filter((bound) => typeof bound === "number");
    if (!bounds.every(Number.isFinite)) throw unsupported(place, "a bound that is not finite", "leave it out");
    if (check.check.includes("length") && bounds.some((bound) => bound < 0 || bound % 1))
      throw unsupported(place, "a length that is no whole number", "write one of at least 0");
  }
  return checks;
}

/** Refuses a schema that has checks where none can be said elsewhere. */
export function noChecks(def: ZodDef, place: Place): void {
  for (const check of checksOf(def, place)) throw foreignCheck(check, place);
}

/** The error of a check that cannot be compiled and exported. */
export function foreignCheck(check: ZodCheckDef, place: Place): ContractError {
  if (check.check === "overwrite") {
    return unsupported(place, "a check that overwrites (trim, toLowerCase, …)", "normalise before sending");
  }
  return unsupported(place, `the check "${check.check}"`, "say it with bounds, a pattern, literals or `derive`");
}
