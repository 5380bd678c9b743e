import { ContractError } from "../../contract/errors.js";
import { parseTimestamp } from "../../contract/timestamp.js";
import type { Finding } from "./finding.js";
import { type RuleName, rules } from "./rules.js";

/** A finding that does not count, why, and until when. */
export interface Ignored {
  /** The rule whose findings do not count. */
  readonly rule: RuleName;
  /** `event sp_update`; left out for any. */
  readonly subject?: string;
  /** A field; left out for any. */
  readonly path?: string;
  /** Why it does not count, for whoever reads the list. */
  readonly reason: string;
  /** `2027-01-31`, the last day on which it holds. */
  readonly expires: string;
}

const keys = ["rule", "subject", "path", "reason", "expires"];

/**
 * Reads an ignore list: `[{ rule, subject?, path?, reason, expires }]`.
 *
 * @throws {ContractError} `contract_invalid` for an unknown rule, an entry without a reason, or without an expiry.
 */
export function readIgnoreList(value: unknown): Ignored[] {
  if (!Array.isArray(value)) throw refusal("write a list of { rule, subject, path, reason, expires }");
  return value.map((entry, i) => {
    const { rule, subject, path, reason, expires } = (entry ?? {}) as Record<string, unknown>;
    const here = `entry ${i + 1}: `;
    // A misspelt subject would let the entry cover every subject.
    const other = Object.keys(entry ?? {}).find((key) => !keys.includes(key));
    if (other !== undefined) throw refusal(`${here}there is no key ${other}; write ${keys.join(", ")}`);
    if (typeof rule !== "string" || !Object.hasOwn(rules, rule))
      throw refusal(`${here}there is no rule ${String(rule)}`);
    if (typeof reason !== "string" || reason.trim() === "")
      throw refusal(`${here}give the reason why it does not count`);
    if (typeof expires !== "string" || !isDay(expires))
      throw refusal(`${here}give the day it expires on, such as "2027-01-31"`);
    if (subject !== undefined && typeof subject !== "string")
      throw refusal(`${here}subject is a text such as "event NAME"`);
    if (path !== undefined && typeof path !== "string") throw refusal(`${here}path is a text such as "items[].id"`);
    return {
      rule: rule as RuleName,
      ...(subject === undefined ? {} : { subject }),
      ...(path === undefined ? {} : { path }),
      reason,
      expires,
    };
  });
}

function refusal(sentence: string): ContractError {
  return new ContractError("contract_invalid", `ignore list: ${sentence}`);
}

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(parseTimestamp(`${text}T00:00:00Z`));
}

/** What applying an ignore list gave. */
export interface AppliedIgnores {
  readonly findings: readonly Finding[];
  /** Entries that hold no longer: what they covered counts again. */
  readonly expired: readonly Ignored[];
  /** Entries that covered nothing and can go. */
  readonly unused: readonly Ignored[];
}

/** Marks the findings that the list covers on this day (`2026-11-24`). */
export function applyIgnores(findings: readonly Finding[], list: readonly Ignored[], today: string): AppliedIgnores {
  const expired = list.filter((entry) => entry.expires < today);
  const holding = list.filter((entry) => entry.expires >= today);
  const used = new Set<Ignored>();
  const marked = findings.map((found) => {
    const entry = holding.find((candidate) => covers(candidate, found));
    if (!entry) return found;
    used.add(entry);
    return { ...found, ignored: entry.reason };
  });
  return { findings: marked, expired, unused: holding.filter((entry) => !used.has(entry)) };
}

function covers(entry: Ignored, { rule, subject, path }: Finding): boolean {
  return (
    entry.rule === rule &&
    (entry.subject === undefined || entry.subject === `${subject.kind} ${subject.name}`) &&
    (entry.path === undefined || entry.path === path)
  );
}
