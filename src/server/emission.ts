import type { Contract, EventEntry } from "../contract/contract.js";
import { ContractError, payloadError } from "../contract/errors.js";
import { isPlainObject } from "../contract/plain-json.js";
import { waits } from "../delivery/lanes.js";
import type { Emission } from "../delivery/stored-event.js";

/** An event of the contract with what its emits have in common. */
export interface EventPlan {
  readonly entry: EventEntry;
  /** The wire name as JSON. */
  readonly quoted: string;
  /** Whether it waits in its room before it is appended. */
  readonly waits: boolean;
  /** The field of a `merge`. */
  readonly merge: string | undefined;
}

/** Prepares the events of a contract; names are looked up in a map, never in an object. */
export function planEvents(contract: Contract): ReadonlyMap<string, EventPlan> {
  return new Map([...contract.events].map(([name, entry]) => [name, planEvent(entry)]));
}

function planEvent(entry: EventEntry): EventPlan {
  const { coalesce, lane } = entry;
  return {
    entry,
    quoted: JSON.stringify(entry.name),
    waits: waits(lane, coalesce !== undefined),
    merge: coalesce && "merge" in coalesce ? coalesce.merge : undefined,
  };
}

/**
 * Fills in what may be left out, and checks the whole. The caller's object is not touched.
 *
 * @throws {ContractError} `payload_invalid`
 */
export function checkInput({ entry }: EventPlan, input: object, now: number): Readonly<Record<string, unknown>> {
  // What is no object has no field to derive from, and is explained as it is.
  const isObject = typeof input === "object" && input !== null;
  if (isObject && !isPlainObject(input)) requireFields(entry, input);
  const filled = (isObject ? fill(entry, input, now) : input) as Record<string, unknown>;
  if (entry.payload.accepts(filled, "writer")) return filled;
  const issue = entry.payload.explain(filled, "writer") ?? { path: "", expected: "a valid payload", got: "another" };
  throw payloadError(entry.name, "server_to_client", issue);
}

// An instance of a class may have fields; of a promise that nobody awaited, or a map, none would be left.
function requireFields({ name }: EventEntry, input: object): void {
  const got = Object.prototype.toString.call(input).slice(8, -1);
  if (got !== "Object") throw payloadError(name, "server_to_client", { path: "", expected: "object", got });
}

function fill(entry: EventEntry, input: object, now: number): object {
  try {
    return entry.fill(input, now);
  } catch {
    // A bigint is reckoned with no number. Checked as it is, it is named.
    const fields = Object.entries(input).map(([name, value]) => [
      name,
      typeof value === "bigint" ? Number(value) : value,
    ]);
    return { ...entry.fill(Object.fromEntries(fields), now), ...input };
  }
}

/** Encodes a checked payload, once: changing the object afterwards changes nothing of what is logged and sent. */
export function encode({ entry, quoted }: EventPlan, filled: Readonly<Record<string, unknown>>): Emission {
  return { name: quoted, payload: JSON.stringify(filled), lane: entry.lane, key: keyOf(entry, filled) };
}

function keyOf({ coalesce }: EventEntry, filled: Readonly<Record<string, unknown>>): string | undefined {
  if (!coalesce || "merge" in coalesce) return undefined;
  return coalesce.key === undefined ? "" : JSON.stringify(filled[coalesce.key] ?? null);
}

/** Makes an error of whatever a getter, a proxy or a broken checker threw. */
export function toContractError(cause: unknown, event: string): ContractError {
  if (cause instanceof ContractError) return cause;
  return new ContractError("payload_invalid", "the payload throws when it is read", {
    event,
    direction: "server_to_client",
    cause,
  });
}
