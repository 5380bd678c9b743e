import { hashKey, type QueryClient, type QueryKey, useQueryClient } from "@tanstack/react-query";
import type { EventMeta } from "../../client/listeners.js";
import type { LocalEvents } from "../../client/local-events.js";
import { type AnyClient, noClient } from "../../react/any-client.js";
import { useLatest } from "../../react/latest.js";
import { useOnPage } from "../../react/on-page.js";
import { perClient } from "../../react/per-client.js";
import { createShared, type Shared } from "../../react/shared.js";
import type { Store } from "../../react/store.js";
import { contract } from "../client.gen.js";

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

/** What became of a query, as far as a feed goes by it. */
interface FeedChange {
  readonly query: { readonly queryHash: string };
  readonly action?: {
    readonly type?: string;
    /** Whether the application set the data. */
    readonly manual?: boolean | undefined;
    /** What took the place of the query's state, whole or in part. */
    readonly state?: { readonly fetchStatus?: string };
  };
}

/** A feed a query. */
export type Feeds = (queryClient: QueryClient, queryHash: string) => Shared<{ readonly current: FeedView }>;

/**
 * Folds events into the data of queries, once a query however many components show it, whatever fetch is under way.
 *
 * A fetch's result may be older than an event that comes before it ends, so such events are applied to it again. The
 * first fetch is let end, since nothing can be shown without it; a later one is cancelled for an absolute event, unless it
 * is to make up for missed events.
 *
 * @param hearing - Who hears the events, if anybody, by what `store` holds; what was fetched before may lack some.
 * @param takes - Whether an event is one of them.
 * @param isMine - Whether a room is the one that they are for.
 * @param isAbsolute - Whether each says all there is to say.
 */
export function createFeeds<TSnapshot>(
  client: AnyClient,
  store: Store<TSnapshot>,
  hearing: (snapshot: TSnapshot) => unknown,
  takes: (event: { readonly appName: string; readonly audience: string }) => boolean,
  isMine: (room: string) => boolean,
  isAbsolute?: boolean,
): Feeds {
  return perClient((queryClient: QueryClient, queryHash: string) =>
    createShared<{ readonly current: FeedView }>((views) => {
      const queryKey: QueryKey = JSON.parse(queryHash);
      // Also the query of a page that is being mounted, whatever the application's defaults say of mounts.
      const filters = { queryKey, exact: true, refetchType: "all" } as const;
      /** Who heard them when the store last changed. */
      let hearer: unknown;
      /** Came while a fetch was under way. */
      let held: FeedEvent[] = [];
      /** So many fetches have to end until nothing is missing: one that makes up for it, after one that began before. */
      let due = 0;

      const now = () => queryClient.getQueryData<object>(queryKey);
      // One that waits for the network is not under way: what it will fetch is younger than any event until then.
      const isBusy = () => queryClient.isFetching(filters);
      const refetch = () => queryClient.invalidateQueries(filters);

      function set(events: readonly FeedEvent[]): void {
        const [view] = views;
        const data = now();
        if (!view || !data) return;
        const next = events.reduce<unknown>((old, event) => view.current.apply(old as never, event as never), data);
        // What changed nothing makes nothing fresh.
        if (next !== data) queryClient.setQueryData(queryKey, next);
      }

      function take(event: FeedEvent): void {
        const busy = isBusy();
        const cancelled = busy && isAbsolute && !due && now() && queryClient.cancelQueries(filters);
        held = busy ? [...held, event] : [];
        if (cancelled) {
          // Another fetch may begin meanwhile.
          void cancelled.then(() => held.splice(0).forEach(take));
        } else {
          set([event]);
          // What it was set on still lacks what a fetch was to make up for, and failed or was cancelled.
          if (due && !busy) refetch();
        }
      }

      function missed(): void {
        held = [];
        due = isBusy() && 2;
        if (now()) {
          due = 1;
          // Where the query is to be enabled in a moment, as when a game is entered, the old one would be taken for it.
          void queryClient.cancelQueries(filters);
          refetch();
        }
      }

      function changed(): void {
        const next = hearing(store.getSnapshot());
        if (next === hearer) return;
        hearer = next;
        // Nobody listened while the data were fetched.
        if (next) missed();
      }

      changed();
      return [
        store.subscribe(changed),
        client.on("ws:resync", ({ room }: LocalEvents["ws:resync"]) => isMine(room) && missed()),
        ...[...contract.appEvents.values()].filter(takes).map(({ appName: name }) =>
          client.on(name, (payload, meta) => {
            // A plain server does not say where an event belongs.
            if (meta.room && !isMine(meta.room)) return;
            const event = { name, payload, meta };
            take(event);
            for (const { current } of views) current.told?.(event as never);
          }),
        ),
        queryClient.getQueryCache().subscribe(({ query, action: { type, manual, state } = {} }: FeedChange) => {
          if (query.queryHash !== queryHash) return;
          // Data that were kept elsewhere, as by the page before, leave alone what is under way; nobody listened since.
          if (hearer && state && !state.fetchStatus) missed();
          if (type === "success" && !manual) {
            set(held);
            if (due && --due) queueMicrotask(refetch);
          } else if (type !== "error" && !state) return;
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
  const feeds = client && key ? feedsOf(client, key) : feedsOf(noClient, "");
  const { use } = feeds(useQueryClient(), hashKey(options.queryKey));
  useOnPage(use, useLatest(options), useLatest(options));
}
