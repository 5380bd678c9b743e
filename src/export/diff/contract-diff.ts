import type { ContractSnapshot } from "../snapshot.js";
import { commandFindings, contractFindings, eventFindings, paired } from "./contract-rules.js";
import type { Finding } from "./finding.js";
import { applyIgnores, type Ignored } from "./ignore-list.js";
import { readSnapshot } from "./read-snapshot.js";
import type { Bump, Level } from "./rules.js";

/** How two contracts are compared. */
export interface DiffOptions {
  /**
   * `lingering`, the default: old clients beside the new server, and both ways for what is recovered or queued.
   * `both`: also new clients beside the old server, as in a rolling deploy.
   */
  readonly skew?: "lingering" | "both";
  /** Findings that do not count, with reason and last day. */
  readonly ignore?: readonly Ignored[];
  /** The day by which ignored findings expire, `2026-11-24`; without one none has expired. */
  readonly today?: string;
}

/** What a comparison says. */
export interface ContractDiff {
  /** What was compared with … */
  readonly before: { readonly name: string; readonly version: string };
  /** … the new version. */
  readonly after: { readonly name: string; readonly version: string };
  /** `safe` holds dangerous findings too: the wire holds. */
  readonly verdict: "safe" | "breaking" | "unjudged";
  /** The worst first. */
  readonly findings: readonly Finding[];
  /** Entries of the ignore list whose day is over: they cover nothing. */
  readonly expired: readonly Ignored[];
  /** Entries of the ignore list that cover no finding. */
  readonly unused: readonly Ignored[];
  /** What the version should be raised by. */
  readonly suggestedBump: Bump;
  /** What it was raised by. */
  readonly actualBump: Bump;
}

const order: readonly Level[] = ["breaking", "unjudged", "dangerous", "safe"];
const bumps: readonly Bump[] = ["none", "patch", "minor", "major"];

/**
 * Judges whether peers of two versions of a contract understand each other.
 *
 * Safe means: every payload that a writer of one side may send is accepted by the other side's reader, for old clients
 * beside the new server, and both ways for recovered events, queued commands and their acknowledgements. An event that
 * is new counts as safe, since an old client drops it.
 *
 * @throws {ContractError} `contract_invalid` for what is no snapshot, as a contract itself.
 */
export function diffContracts(
  before: ContractSnapshot,
  after: ContractSnapshot,
  options: DiffOptions = {},
): ContractDiff {
  readSnapshot(before);
  readSnapshot(after);
  const comparison = { before, after, bothWays: options.skew === "both" };
  const found = [
    ...contractFindings(comparison),
    ...paired(before.events, after.events, ({ name }) => name).flatMap(([old, now, name]) =>
      eventFindings(old, now, name, comparison),
    ),
    ...paired(before.commands, after.commands, ({ name }) => name).flatMap(([old, now, name]) =>
      commandFindings(old, now, name, comparison),
    ),
  ];
  found.sort((one, other) => order.indexOf(one.level) - order.indexOf(other.level));
  const { findings, expired, unused } = applyIgnores(found, options.ignore ?? [], options.today ?? "0000-00-00");
  const counted = findings.filter(({ ignored }) => ignored === undefined);
  return {
    before: { name: before.name, version: before.version },
    after: { name: after.name, version: after.version },
    verdict: counted.some(({ level }) => level === "breaking")
      ? "breaking"
      : counted.some(({ level }) => level === "unjudged")
        ? "unjudged"
        : "safe",
    findings,
    expired,
    unused,
    suggestedBump: bumps[Math.max(0, ...counted.map(({ bump }) => bumps.indexOf(bump)))] as Bump,
    actualBump: bumpBetween(before.version, after.version),
  };
}

/** The part by which a later version is raised; `none` for the same or an earlier one. */
function bumpBetween(before: string, after: string): Bump {
  const [old, now] = [before, after].map((version) => version.split(".").map(Number)) as [number[], number[]];
  const parts = ["major", "minor", "patch"] as const;
  const i = parts.findIndex((_, at) => now[at] !== old[at]);
  return (now[i] as number) > (old[i] as number) ? (parts[i] as Bump) : "none";
}

/** Says whether a version was raised by at least what was asked for. */
export function isRaisedEnough({
  suggestedBump,
  actualBump,
}: Pick<ContractDiff, "suggestedBump" | "actualBump">): boolean {
  return bumps.indexOf(actualBump) >= bumps.indexOf(suggestedBump);
}
