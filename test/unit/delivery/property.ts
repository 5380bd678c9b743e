import fc from "fast-check";

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
process.stdout.write(`delivery properties, SEED=${seed}\n`);

/** Checks a property on random cases; `SEED=n` in the environment repeats a run. */
export function holds<TCase>(property: fc.IProperty<TCase>, numRuns = 300): void {
  fc.assert(property, { seed, numRuns });
}

/** The same for a property that waits. */
export function holdsAsync<TCase>(property: fc.IAsyncProperty<TCase>, numRuns = 300): Promise<void> {
  return fc.assert(property, { seed, numRuns });
}
