// So many commands are on their way at once: enough to keep Redis busy, few enough for others to come between.
const batchSize = 500;

/** Does a task for each item, many at once, and settles when all are done; rejects with the first failure of a batch. */
export async function inBatches<TItem>(items: Iterable<TItem>, task: (item: TItem) => Promise<void>): Promise<void> {
  let batch: Promise<void>[] = [];
  for (const item of [...items]) {
    batch.push(task(item));
    if (batch.length < batchSize) continue;
    await Promise.all(batch);
    batch = [];
  }
  await Promise.all(batch);
}
