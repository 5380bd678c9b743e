import { hashKey, type QueryClient, type QueryKey, type QueryState, useQueryClient } from "@tanstack/react-query";
import type { EventMeta } from "../../client/listeners.js";
import type { LocalEvents } from "../../client/local-events.js";
import type { AnyClient } from "../../react/any-client.js";
import { useCommitEffect } from "../../react/commit-effect.js";
import { useLatest } from "../../react/latest.js";
import { perClient } from "../../react/per-client.js";
import { createShared, type Shared } from "../../react/shared.js";
import type { Store } from "../../react/store.js";

/** An event, as the contract names it. */
export interface FeedEvent {
  readonly name: string;
  readonly payload: object;
  readonly meta: EventMeta;
}

/** What a mounted hook makes of its events, as its last render said. */
export interface FeedView {
  readonly queryKey: QueryKey;
  /** The data after an event. */
  apply(data: never, event: never): unknown;
  /** Called with each event, whether there are data or not. */
  told?(event: never): void;
}

/** Where events come from. */
export interface FeedSource {
  /** The app-side names of the events. */
  readonly names: readonly string[];
  /** Whether each event says all there is to say. */
  readonly absolute: boolean;
  /** Whether a room is the one that the events are for. */
  isMine(room: string): boolean;
  /** While its `status` is `live`, events come; what was fetched before may lack some. */
  readonly store: Store<{ readonly status: string }>;
  readonly live: string;
}

/** A feed a query. */
export type Feeds = (queryClient: QueryClient, queryHash: string) => Shared<{ readonly current: FeedView }>;

/**
 * Folds events into the data of queries, once a query however many components show it, whatever fetch is under way.
 *
 * A fetch's result may be older than an event that comes before it ends, so such events are applied to it again, the
 * last alone where each says all. The first fetch is let end, since nothing can be shown without it; a later one is
 * cancelled for an absolute event, unless it is to make up for missed events.
 */
export function createFeeds(client: AnyClient, { names, absolute, isMine, store, live }: FeedSource): Feeds {
  return perClient((queryClient: QueryClient, queryHash: string) =>
    createShared<{ readonly current: FeedView }>((views) => {
      const queryKey = [...views][0]?.current.queryKey as QueryKey;
      const filters = { queryKey, exact: true };
      let wasLive = false;
      /** Came while a fetch was under way. */
      let held: FeedEvent[] = [];
      /** So many fetches have to end until nothing is missing: one that makes up for it, after one that began before. */
      let due = 0;

      function now() {
        const { data, fetchStatus = "idle" }: Partial<QueryState<unknown>> = queryClient.getQueryState(queryKey) ?? {};
        return { data, hasData: data !== undefined, isBusy: fetchStatus !== "idle" };
      }
      const refetch = () => void queryClient.invalidateQueries(filters);

      function set(events: readonly FeedEvent[]): void {
        const [view] = views;
        const { data, hasData } = now();
        if (!view || !hasData) return;
        const next = events.reduce((old, event) => view.current.apply(old as never, event as never), data);
        // What changed nothing makes nothing fresh.
        if (next !== data) queryClient.setQueryData(queryKey, next);
      }

      function take(event: FeedEvent): void {
        const { hasData, isBusy } = now();
        held = isBusy ? [...(absolute ? [] : held), event] : [];
        if (isBusy && hasData && absolute && !due) {
          // Another fetch may begin meanwhile.
          void queryClient.cancelQueries(filters).then(() => held.splice(0).forEach(take));
        } else set([event]);
      }

      function missed(): void {
        const { hasData, isBusy } = now();
        held = [];
        due = hasData ? 1 : isBusy ? 2 : 0;
        if (hasData) refetch();
      }

      function changed(): void {
        if (wasLive || store.getSnapshot().status !== live) return;
        wasLive = true;
        // Nobody listened while the data were fetched.
        missed();
      }

      changed();
      return [
        store.subscribe(changed),
        client.on("ws:resync", ({ room }: LocalEvents["ws:resync"]) => isMine(room) && missed()),
        ...names.map((name) =>
          client.on(name, (payload, meta) => {
            // A plain server does not say where an event belongs.
            if (meta.room !== undefined && !isMine(meta.room)) return;
            const event = { name, payload, meta };
            take(event);
            for (const { current } of views) current.told?.(event as never);
          }),
        ),
        queryClient.getQueryCache().subscribe((change) => {
          if (change.type !== "updated" || change.query.queryHash !== queryHash) return;
          const { action } = change;
          if (action.type === "success" && !action.manual) {
            set(held);
            if (due && --due) queueMicrotask(refetch);
          } else if (action.type !== "error") return;
          // The next fetch is younger than they are.
          held = [];
        }),
      ];
    }),
  );
}

/** Feeds the query of a mounted hook with a client's events. */
export function useFeed(
  feedsOf: (client: AnyClient, key: string) => Feeds,
  client: AnyClient | undefined,
  key: string | undefined,
  options: FeedView,
): void {
  const queryClient = useQueryClient();
  const hash = hashKey(options.queryKey);
  const view = useLatest(options);
  useCommitEffect(
    () => (client && key ? feedsOf(client, key)(queryClient, hash).use(view) : undefined),
    [feedsOf, client, key, queryClient, hash, view],
  );
}
