import type { Direction } from "../../contract/errors.js";
import type { Role } from "../../contract/expectation.js";
import type { Place } from "../input/piece.js";
import type { Problem } from "../messages/finding.js";

/** What a validation found; the formats write it, and none of them knows a payload. */
export interface Report {
  /** `name@version` */
  readonly contract: string;
  readonly as: Role;
  /** Whether a file without a message is a failure. */
  readonly failOnEmpty: boolean;
  readonly files: readonly FileReport[];
  readonly problems: readonly ProblemReport[];
  /** How many invalid messages are in none of `problems`, since there were too many kinds of them. */
  readonly omitted: number;
}

/** How often an event was valid and invalid; `event` is `undefined` for what is no message. */
export interface EventCount {
  readonly event: string | undefined;
  readonly direction: Direction | undefined;
  valid: number;
  invalid: number;
}

/** The counts of one file. */
export interface FileReport {
  readonly file: string;
  valid: number;
  invalid: number;
  /** Frames that carry no event of the application. */
  skipped: number;
  readonly events: Map<string, EventCount>;
  /** Why it could not be read, if so. */
  unreadable?: string;
}

/** The messages of one file that are wrong in the same way. */
export interface ProblemReport extends Problem {
  readonly file: string;
  readonly event: string | undefined;
  readonly direction: Direction | undefined;
  count: number;
  /** The first of them. */
  readonly places: Place[];
}

/** Whether a file was read and held no message. */
export function isEmpty(file: FileReport): boolean {
  return file.unreadable === undefined && file.valid + file.invalid === 0;
}

/** The counts of all files together, by direction and name. */
export function totalByEvent(report: Report): EventCount[] {
  const totals = new Map<string, EventCount>();
  for (const file of report.files) {
    for (const [key, { event, direction, valid, invalid }] of file.events) {
      const total = totals.get(key) ?? { event, direction, valid: 0, invalid: 0 };
      total.valid += valid;
      total.invalid += invalid;
      totals.set(key, total);
    }
  }
  const rank = ({ event, direction }: EventCount) =>
    `${event === undefined ? 1 : 0}${direction === undefined ? "z" : direction === "server_to_client" ? "a" : "b"} ${event ?? ""}`;
  return [...totals.values()].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

/** A count over all files. */
export function totalOf(report: Report, field: "valid" | "invalid" | "skipped"): number {
  return report.files.reduce((sum, file) => sum + file[field], 0);
}
