import type { QueryClient, QueryKey } from "@tanstack/react-query";

/** Events on their way into a query's data. */
export interface QueryFeed<TEvent> {
  event(event: TEvent): void;
  /** Events may have been missed: what was fetched before now has to be fetched again. */
  missed(): void;
  close(): void;
}

/** So many events wait for a fetch at most. */
const maxHeld = 1_000;

/**
 * Folds events into a query's data, whatever fetch is under way.
 *
 * A fetch's result may be older than an event that comes before it ends, so such events are applied to it again, the
 * last alone where each says all (`absolute`). The first fetch is let end, since nothing can be shown without it; a
 * later one is cancelled for an absolute event, unless it is to make up for missed events.
 */
export function createQueryFeed<TData, TEvent>(
  queryClient: QueryClient,
  queryKey: QueryKey,
  absolute: boolean,
  apply: (data: TData, event: TEvent) => TData,
): QueryFeed<TEvent> {
  const filters = { queryKey, exact: true };
  const cache = queryClient.getQueryCache();
  const { queryHash } = queryClient.defaultQueryOptions({ queryKey });
  /** Came while there was no data, or a fetch was under way. */
  let held: TEvent[] = [];
  /** A fetch makes up for missed events. */
  let mending = false;
  /** The first fetch began before events were missed. */
  let owed = false;

  function set(events: readonly TEvent[]): void {
    if (!events.length) return;
    queryClient.setQueryData<TData>(queryKey, (data) => (data === undefined ? data : events.reduce(apply, data)));
  }

  async function cancel(): Promise<void> {
    await queryClient.cancelQueries(filters);
    // Another fetch may have begun.
    for (const event of held.splice(0)) take(event);
  }

  function take(event: TEvent): void {
    const { data, fetchStatus = "idle" } = cache.get(queryHash)?.state ?? {};
    const busy = fetchStatus !== "idle";
    if (absolute) held = [];
    if (data === undefined || busy) held = [...held, event].slice(-maxHeld);
    if (data === undefined) return;
    if (busy && absolute && !mending) void cancel();
    else set([event]);
  }

  function mend(): void {
    mending = true;
    void queryClient.invalidateQueries(filters);
  }

  const unsubscribe = cache.subscribe((change) => {
    if (change.type !== "updated" || change.query.queryHash !== queryHash) return;
    const { action } = change;
    const succeeded = action.type === "success" && !action.manual;
    if (!succeeded && action.type !== "error") return;
    if (succeeded) set(held);
    mending = owed;
    // What is fetched for the second time may be as old as the first.
    if (!owed && succeeded) held = [];
    if (owed) queueMicrotask(mend);
    owed = false;
  });

  return {
    event: take,
    missed() {
      held = [];
      const state = cache.get(queryHash)?.state;
      if (state?.data !== undefined) mend();
      else owed = state !== undefined && state.fetchStatus !== "idle";
    },
    close: unsubscribe,
  };
}
