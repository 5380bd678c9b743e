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
  onInvalid?(invalid: InvalidPayload): void;
  /** An event or a variant came that the contract does not know. `name` is a stranger's, cut to 64 characters. */
  onUnknown?(name: string): void;
}

/** Hands an event to its handlers; `false` when its payload was refused. */
export type HandOn = (name: string, payload: unknown, meta: EventMeta) => boolean;

/** Checks every event against the contract before a handler sees it. */
export function createHandingOn(
  contract: Contract,
  listeners: Listeners,
  counts: ReceiveCounts,
  onUnknown: (name: string) => void,
  refused: Refused,
  report: DeliveryReport | undefined,
): HandOn {
  return (name, payload, meta) => {
    const event = contract.events.get(name);
    const refusal = event && refusalOf(event.payload, payload, "reader");
    if (event && !refusal) {
      counts.received++;
      report?.received(name, meta);
      listeners.call(event.appName, payload, meta);
      report?.handled(name, meta);
      return true;
    }
    if (!refusal || isNewVariant(event, refusal)) {
      counts.unknown++;
      onUnknown(name.slice(0, 64));
      return true;
    }
    refused(name, refusal);
    return false;
  };
}

/** Counts and reports that a payload of this event, or the data of this command's acknowledgement, was refused. */
export type Refused = (event: string, refusal: Issue) => void;

/** Makes the function that counts a refusal, and tells the application of it by kinds and a path alone. */
export function createRefused(counts: ReceiveCounts, onInvalid: (invalid: InvalidPayload) => void): Refused {
  return (event, { path, expected, got }) => {
    counts.invalid++;
    onInvalid({ event, direction: "server_to_client", path, expected, got });
  };
}
