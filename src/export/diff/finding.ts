import { type Bump, type Level, type RuleName, rules } from "./rules.js";

/** What a finding is about. */
export interface Subject {
  /** What it is. */
  readonly kind: "contract" | "room" | "event" | "command" | "ack";
  /** Its name in the contract. */
  readonly name: string;
}

/** One difference between two contracts. */
export interface Finding {
  /** Which rule it falls under. */
  readonly rule: RuleName;
  /** How bad it is. */
  readonly level: Level;
  /** What the version should be raised by for it. */
  readonly bump: Bump;
  /** What it is about. */
  readonly subject: Subject;
  /** The field, as in `npc.skills[]`; empty for the subject itself. */
  readonly path: string;
  /** One sentence. */
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
