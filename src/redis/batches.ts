// So many commands are on their way at once: enough to keep Redis busy, few enough for others to come between.
const batchSize = 500;

/** Does a task for each item, many at once; once all are done, rejects with the first failure: a cluster may be there in part. */
export async function inBatches<TItem>(items: Iterable<TItem>, task: (item: TItem) => Promise<void>): Promise<void> {
  const all = [...items];
  let failure: PromiseRejectedResult | undefined;
  for (let from = 0; from < all.length; from += batchSize) {
    const settled = await Promise.allSettled(all.slice(from, from + batchSize).map((item) => task(item)));
    failure ??= settled.find((each) => each.status === "rejected");
  }
  if (failure) throw failure.reason;
}
