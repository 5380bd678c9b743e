import { checkEvent } from "../contract/check.js";
import type { Contract } from "../contract/contract.js";
import type { ContractError } from "../contract/errors.js";
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
  onInvalid?(invalid: InvalidPayload): void;
  /** `name` is a stranger's, cut to 64 characters. */
  onUnknown?(name: string): void;
}

/** Hands an event to its handlers; `false` when its payload was refused. */
export type HandOn = (name: string, payload: unknown, meta: EventMeta) => boolean;

/** Checks every event against the contract before a handler sees it. */
export function createHandingOn(
  contract: Contract,
  listeners: Listeners,
  counts: ReceiveCounts,
  reports: ReceiveReports,
  report: Pick<DeliveryReport, "received"> | undefined,
): HandOn {
  return (name, payload, meta) => {
    const event = contract.events.get(name);
    if (event?.payload.accepts(payload, "reader")) {
      counts.received++;
      report?.received(name, meta);
      listeners.call(event.appName, payload, meta);
      return true;
    }
    const result = checkEvent(contract, name, payload, { as: "reader" });
    if (!result.ok && result.error.code === "unknown_event") {
      counts.unknown++;
      reports.onUnknown?.(name.slice(0, 64));
      return true;
    }
    counts.invalid++;
    if (!result.ok) reports.onInvalid?.(invalidOf(result.error));
    return false;
  };
}

/** What may be told of an error: its `message` and the rest of it may grow. */
export function invalidOf({ event, direction, path, expected, got }: ContractError): InvalidPayload {
  return { event, direction, path, expected, got };
}
