import { hashKey, type QueryClient, type QueryKey } from "@tanstack/react-query";
import { createQueryFeed, type QueryFeed } from "./query-feed.js";

/** What a mounted hook asks of its events, as its last render said. */
export interface FeedView<TEvent> {
  apply(data: never, event: TEvent): unknown;
}

/** What a desk is told by what it listens to. */
export interface DeskEars<TEvent, TView> {
  told(event: TEvent): void;
  /** Events were missed. */
  missed(): void;
  /** Whether events can come may be another answer now. */
  changed(): void;
  views(): readonly TView[];
}

export interface DeskOptions<TEvent, TView> {
  readonly absolute: boolean;
  /** Whether events come from now on: what was fetched before may lack some. */
  isLive(): boolean;
  /** Listens until the function that comes back is called. */
  listen(ears: DeskEars<TEvent, TView>): () => void;
}

/** Takes a mounted hook on, until the function that comes back is called. */
export type Desk<TView> = (
  queryClient: QueryClient,
  queryKey: QueryKey,
  view: { readonly current: TView },
) => () => void;

/** Hands events to the queries of the mounted hooks: once a query, however many components show it. */
export function createDesk<TEvent, TView extends FeedView<TEvent>>({
  absolute,
  isLive,
  listen,
}: DeskOptions<TEvent, TView>): Desk<TView> {
  interface Entry {
    readonly queryClient: QueryClient;
    readonly hash: string;
    readonly views: Set<{ readonly current: TView }>;
    readonly feed: QueryFeed<TEvent>;
  }
  const entries = new Set<Entry>();
  let live = false;
  let stop = () => {};

  const ears: DeskEars<TEvent, TView> = {
    told(event) {
      for (const { feed } of entries) feed.event(event);
    },
    missed() {
      for (const { feed } of entries) feed.missed();
    },
    changed() {
      if (live || !isLive()) return;
      live = true;
      ears.missed();
    },
    views: () => [...entries].flatMap(({ views }) => [...views].map(({ current }) => current)),
  };

  function open(queryClient: QueryClient, queryKey: QueryKey, hash: string): Entry {
    const views: Entry["views"] = new Set();
    const feed = createQueryFeed<unknown, TEvent>(queryClient, queryKey, absolute, (data, event) => {
      const [view] = views;
      return view ? view.current.apply(data as never, event) : data;
    });
    const entry = { queryClient, hash, views, feed };
    if (!entries.size) {
      live = isLive();
      stop = listen(ears);
    }
    entries.add(entry);
    // Nobody listened since the data were fetched.
    if (live) entry.feed.missed();
    return entry;
  }

  function close(entry: Entry): void {
    if (entry.views.size || !entries.delete(entry)) return;
    entry.feed.close();
    if (!entries.size) stop();
  }

  return (queryClient, queryKey, view) => {
    const hash = hashKey(queryKey);
    const known = [...entries].find((entry) => entry.queryClient === queryClient && entry.hash === hash);
    const entry = known ?? open(queryClient, queryKey, hash);
    entry.views.add(view);
    return () => {
      entry.views.delete(view);
      // StrictMode and hot reload come back in the same turn, and have missed nothing.
      setTimeout(close, 0, entry);
    };
  };
}
