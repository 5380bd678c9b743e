/** The middle of some numbers. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

/** How far two runs of the same thing differ: the median of |ratio − 1|. */
export function deviation(ratios: readonly number[]): number {
  return median(ratios.map((ratio) => Math.abs(ratio - 1)));
}

/** One measured line beside its budget. */
export interface Row {
  readonly section: string;
  readonly name: string;
  readonly value: number | undefined;
  readonly unit: string;
  /** `≤ 1.02`; left out for a peer's row. */
  readonly budget?: string;
  /** What the run's own noise adds to the budget, as a ratio. */
  readonly noise?: number;
  readonly note?: string;
}

/** Says whether a row meets its budget, within the run's own noise. */
export function verdict({
  value,
  budget,
  noise = 0,
}: Pick<Row, "value" | "budget" | "noise">): "met" | "not met" | "not built" | "" {
  if (budget === undefined) return "";
  if (value === undefined) return "not built";
  const [sign, bound] = budget.split(" ") as [string, string];
  const limit = Number(bound);
  return (sign === "≤" ? value <= limit * (1 + noise) : value >= limit * (1 - noise)) ? "met" : "not met";
}

/** Runs every task once a round, in an order that turns, and returns each task's results by round. */
export async function interleave<TResult>(
  rounds: number,
  tasks: Readonly<Record<string, () => Promise<TResult> | TResult>>,
  onRound: (round: number) => void,
): Promise<Record<string, TResult[]>> {
  const names = Object.keys(tasks);
  const results: Record<string, TResult[]> = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = -1; round < rounds; round++) {
    for (let i = 0; i < names.length; i++) {
      const name = names[(i + round + names.length) % names.length] as string;
      const result = await tasks[name]?.();
      // The first round warms up and does not count.
      if (round >= 0) results[name]?.push(result as TResult);
    }
    onRound(round + 1);
  }
  return results;
}

/** The ratio of two tasks, round by round. */
export function ratios(above: readonly number[], below: readonly number[]): number[] {
  return above.map((value, i) => value / (below[i] as number));
}
