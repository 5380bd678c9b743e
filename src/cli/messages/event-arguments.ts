import type { Direction } from "../../contract/errors.js";
import { kindOf } from "../../contract/expectation.js";
import { type Finding, type Message, type Problem, skipped } from "./finding.js";

// The frames by which both ends of this library speak to each other; they carry no event of the application.
const libraryFrames = new Set(["$hello", "$enter", "$page", "$heads", "$warn", "$auth", "$left", "$bye"]);
const PACK = "$pack";

/**
 * Reads the name and arguments of an event: its payload, and the envelope or command id that may follow it. A pack
 * yields every event in it.
 */
export function readEvent(event: string, args: readonly unknown[], given: Direction | undefined): readonly Finding[] {
  if (libraryFrames.has(event)) return skipped;
  const [payload, second] = args;
  if (event === PACK) return readPack(payload, second, args.length);
  const direction = given ?? directionOf(second);
  const message: Message = { kind: "message", event, payload, direction };
  if (args.length < 2) return [message];
  const accepted = args.length === 2 && directionOf(second) === direction && direction !== undefined;
  if (accepted) return [message];
  const got = args.length === 2 ? kindOf(second) : `${args.length} arguments`;
  return [
    { ...message, problem: misplaced("one payload, or a payload and its envelope or command id", got, "args[1]") },
  ];
}

function readPack(envelope: unknown, items: unknown, length: number): readonly Finding[] {
  if (length !== 2 || directionOf(envelope) !== "server_to_client")
    return [brokenPack("an envelope and a list", "args[0]")];
  if (!Array.isArray(items) || items.length === 0) return [brokenPack("a list of events", "args[1]")];
  return items.map((item: unknown, at): Finding => {
    if (!Array.isArray(item) || item.length !== 2 || typeof item[0] !== "string" || item[0].startsWith("$"))
      return brokenPack("a name and a payload", `args[1][${at}]`);
    return { kind: "message", event: item[0], payload: item[1] as unknown, direction: "server_to_client" };
  });
}

function brokenPack(expected: string, path: string): Finding {
  const problem = misplaced(expected, "something else", path);
  return { kind: "message", event: PACK, payload: undefined, direction: "server_to_client", problem };
}

function misplaced(expected: string, got: string, path: string): Problem {
  return { code: "arguments_invalid", path, expected, got };
}

// An envelope is the server's, a command id the client's. What more stands in them is the business of a live connection.
function directionOf(argument: unknown): Direction | undefined {
  if (typeof argument !== "object" || argument === null) return undefined;
  const { at, epoch, seq, id } = argument as Readonly<Record<string, unknown>>;
  if (typeof at === "number") {
    const numbered = seq === undefined || (Number.isSafeInteger(seq) && (seq as number) > 0);
    return numbered && (epoch === undefined || typeof epoch === "string") ? "server_to_client" : undefined;
  }
  return typeof id === "string" ? "client_to_server" : undefined;
}
