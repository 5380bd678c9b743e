import type { Direction } from "../../contract/errors.js";
import { readEvent } from "./event-arguments.js";
import { type Finding, noMessage, skipped } from "./finding.js";

// Engine.IO: open, close, ping, pong, upgrade and noop; 4 is a message, which is a Socket.IO packet.
const control = /^(?:0(?:\{.*)?|1|[23](?:probe)?|5|6)$/s;
const packet = /^4([0-6])(?:(\d+)-)?(?:(\/[^,]*),)?(\d+)?/;

const EVENT = "2";
const ACK = "3";
const BINARY_EVENT = "5";

// Polling puts several packets into one body, with this control character between them, which JSON never holds bare.
const SEPARATOR = "\u001e";

/** Says whether a text begins as a frame does. */
export function isFrame(text: string): boolean {
  return control.test(text) || packet.test(text);
}

/** Reads a raw frame, `42["name",{…}]`, with or without namespace and ack id; `undefined` for what is no frame. */
export function readFrame(text: string, direction: Direction | undefined): readonly Finding[] | undefined {
  if (text.includes(SEPARATOR)) {
    const parts = text.split(SEPARATOR).map((part) => readFrame(part, direction));
    return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
  }
  if (control.test(text)) return skipped;
  const head = packet.exec(text);
  if (!head) return undefined;
  const type = head[1] as string;
  const body = text.slice(head[0].length);
  if ((type === BINARY_EVENT || type === "6") && head[2] === undefined)
    return noMessage("a Socket.IO frame", "a binary frame without its count");
  return readPacket(type, body, direction);
}

function readPacket(type: string, body: string, direction: Direction | undefined): readonly Finding[] {
  let data: unknown;
  try {
    data = body === "" ? undefined : JSON.parse(body);
  } catch {
    return noMessage("a Socket.IO frame", "a frame whose data is no JSON");
  }
  if (type === EVENT || type === BINARY_EVENT) {
    if (!Array.isArray(data) || typeof data[0] !== "string")
      return noMessage("an event's frame", "one without an event's name");
    const [event, ...args] = data as [string, ...unknown[]];
    if (type === EVENT) return readEvent(event, args, direction);
    // Payloads are plain JSON, so that nothing of a contract travels as an attachment.
    const problem = { code: "arguments_invalid", path: "", expected: "plain JSON", got: "binary" };
    return [{ kind: "message", event, payload: undefined, direction, problem }];
  }
  if (type === ACK && !Array.isArray(data)) return noMessage("an acknowledgement's frame", "one without a list");
  return skipped;
}
