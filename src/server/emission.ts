import type { Contract, EventEntry } from "../contract/contract.js";
import { ContractError, payloadError } from "../contract/errors.js";
import { waits } from "../delivery/lanes.js";
import type { Emission } from "../delivery/stored-event.js";

/** An event of the contract with what its emits have in common. */
export interface EventPlan {
  readonly entry: EventEntry;
  /** The wire name as JSON, and its bytes. */
  readonly quoted: string;
  readonly quotedBytes: number;
  /** Whether it waits in its room before it is appended. */
  readonly waits: boolean;
}

/** An emit that was checked: the event as it is logged and sent, and the filled payload for the log's fields. */
export interface Checked {
  readonly emission: Emission;
  readonly filled: Readonly<Record<string, unknown>>;
}

/** Prepares the events of a contract; names are looked up in a map, never in an object. */
export function planEvents(contract: Contract): ReadonlyMap<string, EventPlan> {
  const plan = (entry: EventEntry): EventPlan => {
    const quoted = JSON.stringify(entry.name);
    return { entry, quoted, quotedBytes: quoted.length, waits: waits(entry.lane, entry.coalesce !== undefined) };
  };
  return new Map([...contract.events].map(([name, entry]) => [name, plan(entry)]));
}

/**
 * Fills, checks and encodes a payload, once each; what is sent is the text made here, so that changing the object
 * afterwards changes nothing.
 *
 * @throws {ContractError} `payload_invalid`
 */
export function checkEmission(plan: EventPlan, input: object, now: number): Checked {
  const { entry } = plan;
  const filled = entry.fill(input, now) as Record<string, unknown>;
  if (!entry.payload.accepts(filled, "writer")) {
    const issue = entry.payload.explain(filled, "writer") ?? { path: "", expected: "a valid payload", got: "another" };
    throw payloadError(entry.name, "server_to_client", issue);
  }
  const payload = JSON.stringify(filled);
  const bytes = plan.quotedBytes + Buffer.byteLength(payload);
  const { coalesce, lane } = entry;
  return { emission: { name: plan.quoted, payload, bytes, lane, key: coalesce && keyOf(coalesce, filled) }, filled };
}

function keyOf(coalesce: NonNullable<EventEntry["coalesce"]>, filled: Record<string, unknown>): string | undefined {
  if ("merge" in coalesce) return undefined;
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
