import type { Direction } from "../../contract/errors.js";
import type { Place } from "../input/piece.js";
import type { Problem } from "../messages/finding.js";
import { printable } from "../printable.js";
import type { ProblemReport } from "./report.js";

/** `server → client`, as errors of the library say it. */
export function directionWords(direction: Direction | undefined): string {
  if (direction === undefined) return "no direction";
  return direction === "server_to_client" ? "server → client" : "client → server";
}

/** `sp_update (server → client)` */
export function subjectOf({ event, direction }: Pick<ProblemReport, "event" | "direction">): string {
  return event === undefined ? "no message" : `${event} (${directionWords(direction)})`;
}

/** `payload.npc.name: expected string, got missing` */
export function sentenceOf({ code, path, expected, got }: Problem): string {
  const inPayload = code === "payload_invalid" || code === "unknown_event";
  const step = path === "" || path.startsWith("[") ? path : `.${path}`;
  const where = path === "" && code !== "payload_invalid" ? "" : `${inPayload ? `payload${step}` : path}: `;
  return printable(`${where}expected ${expected}, got ${got}`);
}

/** `12`, or `1 (item 57)` for an element of an array. */
export function placeWords({ line, item }: Place): string {
  return item === undefined ? String(line) : `${line} (item ${item})`;
}

/** `1 file`, `2 files` */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}

/** The places of a group after its first, as far as they are known: `also 4, 9 and 37 more`; empty for a group of one. */
export function furtherPlaces({ places, count }: ProblemReport): string {
  if (count === 1) return "";
  const further = places.slice(1).map(placeWords);
  const more = count - places.length;
  return `also line${count === 2 ? "" : "s"} ${further.join(", ")}${more > 0 ? ` and ${more.toLocaleString("en")} more` : ""}`;
}
