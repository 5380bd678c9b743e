import { type SPBalanceEvent, useSPBalanceSummary } from "@gestaloka/events/react";
import { useMemo } from "react";
import { toast } from "sonner";
import { type Say, useLanguage } from "../language/language.js";
import type { Booking, Points } from "./game-api.js";
import { useLog } from "./use-log.js";
import { useSession } from "./use-session.js";

/** The player's SP, and the two buttons that change them. */
export interface PointsState {
  readonly data: Points | undefined;
  readonly bookings: readonly Booking[];
  consume(): void;
  recover(): void;
}

export function usePoints(): PointsState {
  const { api, bookings: told } = useSession();
  const { say } = useLanguage();
  const { data } = useSPBalanceSummary<Points>({
    queryFn: api.points,
    apply: (points, event) =>
      event.type === "sp_daily_recovery"
        ? { ...points, current_sp: event.balance_after, consecutive_days: event.consecutive_days }
        : { ...points, current_sp: event.current_sp },
    toast: ({ variant }, event) => {
      if (variant === "destructive") toast.error(wordsOf(event, say));
      else toast.success(wordsOf(event, say));
    },
  });
  const log = useLog(told);
  // What was fetched may know of bookings that events tell of as well.
  const bookings = useMemo(() => {
    const known = new Map([...(data?.bookings ?? []), ...log].map((booking) => [booking.at, booking]));
    return data ? [...known.values()].sort((a, b) => a.at.localeCompare(b.at)) : [];
  }, [data, log]);
  const failed = () => void toast.error(say("unreachable"));
  return {
    data,
    bookings,
    consume: () => void api.consume().catch(failed),
    recover: () => void api.recover().catch(failed),
  };
}

function wordsOf(event: SPBalanceEvent, say: Say): string {
  if (event.type === "sp_insufficient")
    return say("insufficient", { required: event.required_amount, current: event.current_sp });
  if (event.type === "sp_daily_recovery") return say("gained", { n: event.total_amount });
  const change = event.amount_changed;
  return change < 0 ? say("spent", { n: -change }) : say("gained", { n: change });
}
