import { type QueryKey, type UseQueryResult, useQuery } from "@tanstack/react-query";
import type { EventMeta } from "../../client/listeners.js";
import type { LocalEvents } from "../../client/local-events.js";
import type { AnyClient } from "../../react/any-client.js";
import { perClient } from "../../react/per-client.js";
import { parseRoom } from "../client.gen.js";
import { useAnyClient } from "./gestaloka-hooks.js";
import { createFeeds, type FeedView, useFeed } from "./query-feed.js";
import { type SPBalanceEvent, type SPToast, toastOf } from "./sp-toast.js";

export interface SPBalanceOptions<TBalance extends { readonly current_sp: number }> {
  /** Fetches the balance, as in `useQuery`. */
  readonly queryFn: (context: { readonly signal: AbortSignal }) => TBalance | Promise<TBalance>;
  /** `["sp", "balance"]` by default. */
  readonly queryKey?: QueryKey;
  /** The balance after an event; by default with its `current_sp`, in SP, and everything else as it was. */
  readonly apply?: (balance: TBalance, event: SPBalanceEvent) => TBalance;
  /** Told of a change once, however many components use the hook, and never of one that is replayed. */
  readonly toast?: ((toast: SPToast, event: SPBalanceEvent) => void) | undefined;
}

interface BalanceView extends FeedView<SPBalanceEvent> {
  readonly toast: SPBalanceOptions<never>["toast"];
}

const feedsOf = /* @__PURE__ */ perClient((client: AnyClient) => {
  const toasted = new WeakSet<object>();
  return createFeeds<SPBalanceEvent, BalanceView>({
    absolute: true,
    isLive: () => client.connection.getSnapshot().status === "connected",
    listen({ take, missed, changed, views }) {
      const hear = (event: SPBalanceEvent, { replayed }: EventMeta) => {
        take(event);
        const toast = [...views].map(({ current }) => current.toast).find(Boolean);
        // Another query of this client may have been told first.
        if (!toast || replayed || toasted.has(event)) return;
        toasted.add(event);
        toast(toastOf(event), event);
      };
      return [
        client.on("sp:update", hear),
        client.on("sp:daily_recovery", hear),
        client.on("sp:insufficient", hear),
        client.on("ws:resync", ({ room }: LocalEvents["ws:resync"]) => parseRoom(room)?.kind === "user" && missed()),
        client.connection.subscribe(changed),
      ];
    },
  });
});

const defaultKey: QueryKey = ["sp", "balance"];

function applied<TBalance extends { readonly current_sp: number }>(balance: TBalance, event: SPBalanceEvent): TBalance {
  return { ...balance, current_sp: "current_sp" in event ? event.current_sp : event.balance_after };
}

/**
 * The SP balance: fetched once, then kept up by events; fetched again only where events were missed.
 *
 * The result is TanStack Query's.
 */
export function useSPBalanceSummary<TBalance extends { readonly current_sp: number }>({
  queryFn,
  queryKey = defaultKey,
  apply = applied,
  toast,
}: SPBalanceOptions<TBalance>): UseQueryResult<TBalance> {
  useFeed(feedsOf, useAnyClient(), "", { queryKey, apply: apply as BalanceView["apply"], toast });
  return useQuery({ queryKey, queryFn });
}
