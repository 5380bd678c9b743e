import { exactKind, LedgerFile, type Published, type PublishedState, readRecords } from "./published-ledger.js";

const outcomes = ["taken", "refused", "unknown", "local"] as const;

/** What became of an emit: taken, certainly not taken, nobody knows, or given to the members of one server alone. */
export type Outcome = (typeof outcomes)[number];

const codes = { taken: 1, refused: 2, unknown: 3, local: 4 } as const;
/** A value that may not have been taken; it is emitted again, as often as it takes. */
const failedValue = 5;

/**
 * What became of each exact event, beside the ledger of what was about to be published. What a killed process left open
 * is emitted again by the next one under the same append id, so that it is written once.
 */
export class OutcomeLedger {
  /** Without an outcome, in the order of their emits. */
  readonly open: readonly Published[];
  readonly counts: Record<Outcome, number> = { taken: 0, refused: 0, unknown: 0, local: 0 };
  failedValues = 0;
  private readonly file: LedgerFile;

  constructor(publishedFile: string, outcomeFile: string) {
    const ended = new Set<string>();
    for (const { kind, stream, number } of readRecords(outcomeFile)) {
      if (kind === failedValue) this.failedValues++;
      else ended.add(`${stream} ${number}`);
      for (const outcome of outcomes) if (codes[outcome] === kind) this.counts[outcome]++;
    }
    this.open = [...readRecords(publishedFile)].filter(
      ({ kind, stream, number }) => kind === exactKind && !ended.has(`${stream} ${number}`),
    );
    this.file = new LedgerFile(outcomeFile);
  }

  add(stream: number, n: number, outcome: Outcome): void {
    this.counts[outcome]++;
    this.file.add((codes[outcome] << 24) | stream, n);
  }

  addFailedValue(stream: number): void {
    this.failedValues++;
    this.file.add((failedValue << 24) | stream, 0);
  }

  write(): void {
    this.file.write();
  }
}

/** Corrects what was about to be published by what became of it. */
export function applyOutcomes(state: PublishedState, outcomeFile: string): void {
  const last = new Map<number, number>();
  for (const { kind, stream, number } of readRecords(outcomeFile)) {
    if (kind === failedValue) state.failedValues++;
    // What one server's members were given, the others must have been told that they missed it.
    else if (kind === codes.taken || kind === codes.local) last.set(stream, Math.max(last.get(stream) ?? 0, number));
    else {
      setOf(state.excused, stream).add(number);
      if (kind === codes.refused) setOf(state.refused, stream).add(number);
      state.counts[exactKind] = (state.counts[exactKind] as number) - 1;
    }
  }
  // The last one that was taken is where every client must have come.
  for (const [stream, numbers] of state.excused)
    if (numbers.has(state.exact[stream] as number)) state.exact[stream] = last.get(stream) ?? 0;
}

function setOf(sets: Map<number, Set<number>>, stream: number): Set<number> {
  let set = sets.get(stream);
  if (!set) {
    set = new Set();
    sets.set(stream, set);
  }
  return set;
}
