import { type Bump, type Level, type RuleName, rules } from "./rules.js";

/** What a finding is about. */
export interface Subject {
  readonly kind: "contract" | "room" | "event" | "command" | "ack";
  readonly name: string;
}

/** One difference between two contracts. */
export interface Finding {
  readonly rule: RuleName;
  readonly level: Level;
  readonly bump: Bump;
  readonly subject: Subject;
  /** The field, as in `npc.skills[]`; empty for the subject itself. */
  readonly path: string;
  readonly message: string;
  /** Who sends to whom where it goes wrong: `new server → old client`. */
  readonly between?: string;
  /** Why it does not count, where the ignore list says so. */
  readonly ignored?: string;
}

/** Makes a finding with its rule's level. */
export function finding(
  rule: RuleName,
  subject: Subject,
  path: string,
  message: string = rules[rule].about,
  between?: string,
): Finding {
  const { level, bump } = rules[rule];
  return { rule, level, bump, subject, path, message, ...(between === undefined ? {} : { between }) };
}

/** Says where a finding is, on one line. */
export function placeOf({ subject, path }: Finding): string {
  return `${subject.kind} ${subject.name}${path === "" ? "" : `: ${path}`}`;
}
