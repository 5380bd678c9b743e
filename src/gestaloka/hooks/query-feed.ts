import { hashKey, type QueryClient, type QueryKey, useQueryClient } from "@tanstack/react-query";
import type { AnyClient } from "../../react/any-client.js";
import { useCommitEffect } from "../../react/commit-effect.js";
import { useLatest } from "../../react/latest.js";
import { perClient } from "../../react/per-client.js";
import { all, createShared, type Shared } from "../../react/shared.js";

/** What a mounted hook asks of its events, as its last render said. */
export interface FeedView<TEvent> {
  readonly queryKey: QueryKey;
  apply(data: never, event: TEvent): unknown;
}

interface Latest<TView> {
  readonly current: TView;
}

/** What a feed takes from its source. */
export interface FeedEars<TEvent, TView> {
  take(event: TEvent): void;
  /** Events were missed: what was fetched before now has to be fetched again. */
  missed(): void;
  /** `isLive` may say something else now. */
  changed(): void;
  readonly views: ReadonlySet<Latest<TView>>;
}

/** Where events come from. */
export interface FeedSource<TEvent, TView> {
  /** Whether each event says all there is to say. */
  readonly absolute: boolean;
  /** Whether events come from now on: what was fetched before may lack some. */
  isLive(): boolean;
  /** Registers the feed with all that it is to be told of. */
  listen(ears: FeedEars<TEvent, TView>): readonly (() => void)[];
}

/** A feed a query. */
export type Feeds<TView> = (queryClient: QueryClient, queryHash: string) => Shared<Latest<TView>>;

/** So many events wait for a fetch at most. */
const maxHeld = 1_000;

/**
 * Folds events into the data of queries, once a query however many components show it, whatever fetch is under way.
 *
 * A fetch's result may be older than an event that comes before it ends, so such events are applied to it again, the
 * last alone where each says all. The first fetch is let end, since nothing can be shown without it; a later one is
 * cancelled for an absolute event, unless it is to make up for missed events.
 */
export function createFeeds<TEvent, TView extends FeedView<TEvent> = FeedView<TEvent>>({
  absolute,
  isLive,
  listen,
}: FeedSource<TEvent, TView>): Feeds<TView> {
  return perClient((queryClient: QueryClient, queryHash: string) =>
    createShared<Latest<TView>>((views) => {
      const view = () => [...views][0]?.current;
      const filters = { queryKey: view()?.queryKey as QueryKey, exact: true };
      const cache = queryClient.getQueryCache();
      let live = isLive();
      /** Came while there was no data, or a fetch was under way. */
      let held: TEvent[] = [];
      /** A fetch makes up for missed events. */
      let mending = false;
      /** The first fetch began before events were missed. */
      let owed = false;

      const now = () => cache.get(queryHash)?.state;
      const isBusy = () => (now()?.fetchStatus ?? "idle") !== "idle";

      function set(events: readonly TEvent[]): void {
        const data = now()?.data;
        if (data === undefined) return;
        const next = events.reduce((old, event) => view()?.apply(old as never, event) ?? old, data);
        // What changed nothing makes nothing fresh.
        if (next !== data) queryClient.setQueryData(filters.queryKey, next);
      }

      function take(event: TEvent): void {
        const hasData = now()?.data !== undefined;
        if (absolute) held = [];
        if (!hasData || isBusy()) held = [...held, event].slice(-maxHeld);
        if (hasData && isBusy() && absolute && !mending) {
          // Another fetch may begin meanwhile.
          void queryClient.cancelQueries(filters).then(() => held.splice(0).forEach(take));
        } else set([event]);
      }

      function mend(): void {
        mending = true;
        void queryClient.invalidateQueries(filters);
      }

      function missed(): void {
        held = [];
        if (now()?.data !== undefined) mend();
        else owed = isBusy();
      }

      const off = all([
        cache.subscribe((change) => {
          if (change.type !== "updated" || change.query.queryHash !== queryHash) return;
          const { action } = change;
          if (action.type === "success" && !action.manual) {
            set(held);
            mending = owed;
            // The next fetch may be as old as this one.
            if (owed) queueMicrotask(mend);
            else held = [];
            owed = false;
          } else if (action.type === "error" && now()?.data !== undefined) {
            // They are in the data, and the next fetch is younger than they are.
            held = [];
          }
        }),
        ...listen({
          take,
          missed,
          changed() {
            if (live || !isLive()) return;
            live = true;
            missed();
          },
          views,
        }),
      ]);
      // Nobody listened since the data were fetched.
      if (live) missed();
      return off;
    }),
  );
}

/** Feeds the query of a mounted hook with a client's events. */
export function useFeed<TView extends FeedView<never>>(
  feedsOf: (client: AnyClient, key: string) => Feeds<TView>,
  client: AnyClient | undefined,
  key: string | undefined,
  options: TView,
): void {
  const queryClient = useQueryClient();
  const hash = hashKey(options.queryKey);
  const view = useLatest(options);
  useCommitEffect(
    () => (client && key !== undefined ? feedsOf(client, key)(queryClient, hash).use(view) : undefined),
    [feedsOf, client, key, queryClient, hash, view],
  );
}
