import { exactKind, LedgerFile, type Published, type PublishedState, readRecords } from "./published-ledger.js";

/** What became of an emit: taken, certainly not taken, or nobody knows. */
export type Outcome = "taken" | "refused" | "unknown";

const codes = { taken: 1, refused: 2, unknown: 3 } as const;

/**
 * What became of each exact event, beside the ledger of what was about to be published. What a killed process left open
 * is emitted again by the next one under the same append id, so that it is written once.
 */
export class OutcomeLedger {
  /** Without an outcome, in the order of their emits. */
  readonly open: readonly Published[];
  readonly counts: Record<Outcome, number> = { taken: 0, refused: 0, unknown: 0 };
  private readonly file: LedgerFile;

  constructor(publishedFile: string, outcomeFile: string) {
    const ended = new Set<string>();
    for (const { kind, stream, number } of readRecords(outcomeFile)) {
      ended.add(`${stream} ${number}`);
      for (const outcome of ["taken", "refused", "unknown"] as const)
        if (codes[outcome] === kind) this.counts[outcome]++;
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

  write(): void {
    this.file.write();
  }
}

/** Corrects what was about to be published by what became of it. */
export function applyOutcomes(state: PublishedState, outcomeFile: string): void {
  const last = new Map<number, number>();
  for (const { kind, stream, number } of readRecords(outcomeFile)) {
    if (kind === codes.taken) last.set(stream, Math.max(last.get(stream) ?? 0, number));
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
