import type { Direction } from "../../contract/errors.js";
import { kindOf } from "../../contract/expectation.js";
import { readEvent } from "./event-arguments.js";
import { type Finding, noMessage } from "./finding.js";
import { isFrame, readFrame } from "./frame.js";

const RECORD = "a record with event and args, payload or data";

/** Reads a JSON value that is a record, or a text that is a frame. */
export function readRecord(value: unknown): readonly Finding[] {
  if (typeof value === "string")
    return (isFrame(value) ? readFrame(value, undefined) : undefined) ?? noMessage(RECORD, "string");
  if (typeof value !== "object" || value === null || Array.isArray(value)) return noMessage(RECORD, kindOf(value));
  const record = value as Readonly<Record<string, unknown>>;
  const { event, direction = null, args = [] } = record;
  if (typeof event !== "string") return noMessage(RECORD, "object without an event's name");
  if (direction !== null && !isDirection(direction))
    return noMessage("direction server_to_client or client_to_server", `another ${kindOf(direction)}`);
  if (!Array.isArray(args)) return noMessage("args as a list", kindOf(args));
  return readEvent(event, argumentsOf(record), direction ?? undefined);
}

function argumentsOf(record: Readonly<Record<string, unknown>>): readonly unknown[] {
  if (Array.isArray(record.args)) {
    const args = record.args as readonly unknown[];
    // A recorder that writes what a listener was called with leaves null where the acknowledgement's callback stood.
    return args.length > 1 && args.at(-1) === null ? args.slice(0, -1) : args;
  }
  const { payload, data, envelope } = record;
  const given = payload === undefined ? data : payload;
  if (given === undefined) return [];
  return envelope === undefined || envelope === null ? [given] : [given, envelope];
}

function isDirection(value: unknown): value is Direction {
  return value === "server_to_client" || value === "client_to_server";
}
