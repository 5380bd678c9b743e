import type { Contract } from "../contract/contract.js";
import type { ContractError, Issue } from "../contract/errors.js";
import { isNewVariant, refusalOf } from "../contract/refusal.js";
import type { DeliveryReport } from "./delivery-report.js";
import type { EventMeta, Listeners } from "./listeners.js";

/** What happened to the events that arrived. */
export interface ReceiveCounts {
  /** Handed on. */
  received: number;
  /** Refused: the payload is not of the contract. */
  invalid: number;
  /** No event of the contract, or a variant that it does not know. */
  unknown: number;
  /** Seen before, or of a room that was left. */
  dropped: number;
}

/** Why a payload reached no handler: kinds and a path, never a value. */
export type InvalidPayload = Pick<ContractError, "event" | "direction" | "path" | "expected" | "got">;

/** What an application is told about payloads that it does not get. */
export interface ReceiveReports {
  /** A payload of an event of the contract was refused: no handler was called. */
  readonly onInvalid?: ((invalid: InvalidPayload) => void) | undefined;
  /** An event or a variant came that the contract does not know. `name` is a stranger's, cut to 64 characters. */
  readonly onUnknown?: ((name: string) => void) | undefined;
}

/** Hands an event to its handlers; `false` when its payload was refused. */
export type HandOn = (name: string, payload: unknown, meta: EventMeta) => boolean;

/** Checks every event against the contract before a handler sees it. */
export function createHandingOn(
  contract: Contract,
  listeners: Listeners,
  counts: ReceiveCounts,
  reports: ReceiveReports,
  attempt: Attempt,
  report: DeliveryReport | undefined,
): { readonly handOn: HandOn; readonly refused: Refused } {
  const refused: Refused = (event, { path, expected, got }) => {
    counts.invalid++;
    attempt(() => reports.onInvalid?.({ event, direction: "server_to_client", path, expected, got }));
  };
  const handOn: HandOn = (name, payload, meta) => {
    const event = contract.events.get(name);
    const refusal = event && refusalOf(event.payload, payload, "reader");
    if (event && !refusal) {
      counts.received++;
      attempt(() => report?.received(name, meta));
      listeners.call(event.appName, payload, meta);
      attempt(() => report?.handled(name, meta));
      return true;
    }
    if (!refusal || isNewVariant(event, refusal)) {
      counts.unknown++;
      attempt(() => reports.onUnknown?.(name.slice(0, 64)));
      return true;
    }
    refused(name, refusal);
    return false;
  };
  return { handOn, refused };
}

/** Counts and reports that a payload of this event, or the data of this command's acknowledgement, was refused. */
export type Refused = (event: string, refusal: Issue) => void;

/** Runs what is the application's: what it throws is told, and breaks nothing off. */
export type Attempt = <TValue>(run: () => TValue) => TValue | undefined;
