import { type QueryKey, type UseQueryResult, useQuery } from "@tanstack/react-query";
import type { AnyClient } from "../../react/any-client.js";
import { perClient } from "../../react/per-client.js";
import { contract } from "../client.gen.js";
import { useAnyClient } from "./gestaloka-hooks.js";
import { createFeeds, type FeedEvent, useFeed } from "./query-feed.js";
import { type SPBalanceEvent, type SPToast, toastOf } from "./sp-toast.js";

/** How the balance is fetched, and who is told of its changes. */
export interface SPBalanceOptions<TBalance extends { readonly current_sp: number }> {
  /** Fetches the balance, as in `useQuery`. */
  readonly queryFn: (context: { readonly signal: AbortSignal }) => TBalance | Promise<TBalance>;
  /** `["sp", "balance"]` by default. */
  readonly queryKey?: QueryKey | undefined;
  /** The balance after an event; by default with its `current_sp`, in SP, and everything else as it was. */
  readonly apply?: ((balance: TBalance, event: SPBalanceEvent) => TBalance) | undefined;
  /** Told of a change once, however many components use the hook, and never of one that is replayed. */
  readonly toast?: ((toast: SPToast, event: SPBalanceEvent) => void) | undefined;
}

const feedsOf = /* @__PURE__ */ perClient((client: AnyClient) =>
  createFeeds(
    client,
    client.connection,
    // A plain server that does not say who the user is recovers nothing, and tells nobody.
    ({ userId, mode }) => userId ?? mode,
    ({ appName }) => ["sp:update", "sp:insufficient", "sp:daily_recovery"].includes(appName),
    (room) => contract.parseRoom(room)?.kind === "user",
    true,
  ),
);

/** Events that a toast told of: each is handed to every feed. */
const toasted = /* @__PURE__ */ new WeakSet<object>();

interface Told extends FeedEvent {
  readonly payload: SPBalanceEvent;
}

// An event says it under one of two names.
function applied<TBalance extends { readonly current_sp: number }>(balance: TBalance, event: SPBalanceEvent): TBalance {
  const { balance_after, current_sp = balance_after }: { balance_after?: number; current_sp?: number } = event;
  return { ...balance, current_sp };
}

/**
 * The SP balance: fetched once, then kept up by events; fetched again only where events were missed.
 *
 * The result is TanStack Query's.
 */
export function useSPBalanceSummary<TBalance extends { readonly current_sp: number }>({
  queryFn,
  queryKey = ["sp", "balance"],
  apply = applied,
  toast,
}: SPBalanceOptions<TBalance>): UseQueryResult<TBalance> {
  useFeed(feedsOf, useAnyClient(), "all", {
    queryKey,
    apply: (balance: TBalance, { payload }: Told) => apply(balance, payload),
    told({ payload, meta }: Told) {
      if (!toast || meta.replayed || toasted.has(payload)) return;
      toasted.add(payload);
      toast(toastOf(payload), payload);
    },
  });
  return useQuery({ queryKey, queryFn });
}
