import { type QueryKey, type UseQueryResult, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCommitEffect } from "../../react/commit-effect.js";
import { useLatest } from "../../react/latest.js";
import { perClient } from "../../react/per-client.js";
import { parseRoom } from "../contract.gen.js";
import { createDesk, type FeedView } from "./feed-desk.js";
import { type GestalokaClient, useEventClient } from "./gestaloka-hooks.js";
import { type SPBalanceEvent, type SPToast, toastOf } from "./sp-toast.js";

export interface SPBalanceOptions<TBalance extends { readonly current_sp: number }> {
  /** Fetches the balance, as in `useQuery`. */
  readonly queryFn: (context: { readonly signal: AbortSignal }) => TBalance | Promise<TBalance>;
  /** `["sp", "balance"]` by default. */
  readonly queryKey?: QueryKey;
  /** The balance after an event; by default with its `current_sp`, in SP, and everything else as it was. */
  readonly apply?: (balance: TBalance, event: SPBalanceEvent) => TBalance;
  /** Told of a change once, however many components use the hook, and never of one that is replayed. */
  readonly toast?: (toast: SPToast, event: SPBalanceEvent) => void;
}

interface BalanceView extends FeedView<SPBalanceEvent> {
  readonly toast: SPBalanceOptions<never>["toast"];
}

const deskOf = /* @__PURE__ */ perClient((client: GestalokaClient) =>
  createDesk<SPBalanceEvent, BalanceView>({
    absolute: true,
    isLive: () => client.connection.getSnapshot().status === "connected",
    listen({ told, missed, changed, views }) {
      const hear = (event: SPBalanceEvent, { replayed }: { readonly replayed: boolean }) => {
        told(event);
        const toast = replayed ? undefined : toastOf(event);
        if (toast)
          views()
            .find((view) => view.toast)
            ?.toast?.(toast, event);
      };
      const offs = [
        client.on("sp:update", hear),
        client.on("sp:daily_recovery", hear),
        client.on("sp:insufficient", hear),
        client.on("ws:resync", ({ room }) => parseRoom(room)?.kind === "user" && missed()),
        client.connection.subscribe(changed),
      ];
      return () => {
        for (const off of offs) off();
      };
    },
  }),
);

const defaultKey: QueryKey = ["sp", "balance"];

function applied<TBalance extends { readonly current_sp: number }>(balance: TBalance, event: SPBalanceEvent): TBalance {
  return { ...balance, current_sp: event.type === "sp_daily_recovery" ? event.balance_after : event.current_sp };
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
  const client = useEventClient();
  const queryClient = useQueryClient();
  const view = useLatest<BalanceView>({ apply: apply as BalanceView["apply"], toast });
  // A key is what it says, not which array says it
  useCommitEffect(
    () => client && deskOf(client, "")(queryClient, queryKey, view),
    [client, queryClient, JSON.stringify(queryKey)],
  );
  return useQuery({ queryKey, queryFn });
}
