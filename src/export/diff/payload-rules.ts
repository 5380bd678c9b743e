import type { Shape } from "../../contract/shape.js";
import { type Finding, finding, type Subject } from "./finding.js";
import { findRefusals, type Problem } from "./inclusion.js";
import type { RuleName } from "./rules.js";

/** Whose payload is judged by whose reader: `new` writes and `old` reads, or the other way round. */
export type Skew = "new_to_old" | "old_to_new";

const rulesOf: Record<Problem, readonly [newToOld: RuleName, oldToNew: RuleName]> = {
  type: ["FIELD_SAME_TYPE", "FIELD_SAME_TYPE"],
  null: ["NULL_NO_ADD", "NULL_NO_ADD"],
  enum: ["ENUM_VALUE_NO_ADD", "ENUM_VALUE_NO_DELETE"],
  literal: ["LITERAL_SAME", "LITERAL_SAME"],
  option: ["OPTION_NO_ADD", "OPTION_NO_DELETE"],
  missing: ["FIELD_NO_DELETE", "FIELD_NO_REQUIRE"],
  optional: ["FIELD_NO_OPTIONAL", "FIELD_NO_REQUIRE"],
  claimed: ["OPEN_KEY_NO_CLAIM", "OPEN_KEY_NO_CLAIM"],
  depth: ["JSON_DEPTH_FITS", "JSON_DEPTH_FITS"],
  range: ["RANGE_NO_WIDEN", "RANGE_NO_NARROW"],
  length: ["LENGTH_NO_WIDEN", "LENGTH_NO_NARROW"],
  length_unknown: ["LENGTH_JUDGEABLE", "LENGTH_JUDGEABLE"],
  pattern: ["PATTERN_NO_ADD", "PATTERN_NO_ADD"],
  pattern_unknown: ["PATTERN_JUDGEABLE", "PATTERN_JUDGEABLE"],
};

const sentences: Record<Problem, (path: string, about: string, writer: string, reader: string) => string> = {
  type: (path, about, writer, reader) =>
    `the ${writer} sends a kind of value as ${path} that the ${reader} does not take: ${about}`,
  null: (path, _, writer, reader) => `the ${writer} may send null as ${path}, which the ${reader} refuses`,
  enum: (path, about, writer, reader) => `the ${writer} sends ${about} as ${path}, which the ${reader} refuses`,
  literal: (path, about, writer, reader) => `the ${writer} sends ${about} as ${path}, which the ${reader} refuses`,
  option: (path, about, writer, reader) =>
    `the ${writer} sends the variant ${path} ${about}, which the ${reader} does not know`,
  missing: (path, _, writer, reader) => `the ${reader} requires ${path}, which the ${writer} does not send`,
  optional: (path, _, writer, reader) => `the ${reader} requires ${path}, which the ${writer} may leave out`,
  claimed: (path, _, writer, reader) =>
    `to the ${writer}, ${path} is a free key of an open object; the ${reader} checks it`,
  depth: (path, _, writer, reader) => `the ${writer} may nest ${path} deeper than the ${reader}'s open object takes`,
  range: (path, about, writer, reader) => `the ${writer} sends numbers as ${path} that the ${reader} refuses: ${about}`,
  length: (path, about, writer, reader) =>
    `the ${writer} sends ${path} in lengths that the ${reader} refuses: ${about}`,
  length_unknown: (path, _, __, reader) =>
    `which lengths the pattern of ${path} allows is not known, and the ${reader} bounds them`,
  pattern: (path, _, writer, reader) => `the ${reader} wants a pattern of ${path} that the ${writer} does not keep`,
  pattern_unknown: (path) => `two patterns of ${path} cannot be compared`,
};

/** Judges one payload in the given skews: what one side may send, by the reader of the other. */
export function judgePayload(subject: Subject, before: Shape, after: Shape, skews: readonly Skew[]): Finding[] {
  const fromServer = subject.kind !== "command";
  return skews.flatMap((skew) => {
    const isNew = skew === "new_to_old";
    const writer = `${isNew ? "new" : "old"} ${fromServer ? "server" : "client"}`;
    const reader = `${isNew ? "old" : "new"} ${fromServer ? "client" : "server"}`;
    return findRefusals(isNew ? after : before, isNew ? before : after).map(({ problem, path, about }) => {
      const rule = rulesOf[problem][isNew ? 0 : 1];
      const message = sentences[problem](path === "" ? "the payload" : path, about ?? "", writer, reader);
      return finding(rule, subject, path, message, `${writer} → ${reader}`);
    });
  });
}
