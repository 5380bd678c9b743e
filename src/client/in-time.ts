// A storage that does not answer does not keep commands back for longer, ms.
const patienceMs = 2_000;

/** Waits for what a storage does, but no longer than commands may. */
export async function inTime(done: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  await Promise.race([
    done,
    new Promise((resolve) => {
      timer = setTimeout(resolve, patienceMs);
    }),
  ]);
  clearTimeout(timer);
}
