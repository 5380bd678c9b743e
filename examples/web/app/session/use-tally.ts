import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Tally } from "./game-api.js";
import { useSession } from "./use-session.js";

const queryKey = ["tally"];

/** How much the game holds; asked anew a moment after something arrived. */
export function useTally(): Tally | undefined {
  const { api, delivery } = useSession();
  const queryClient = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = delivery.subscribe(() => {
      clearTimeout(timer);
      timer = setTimeout(() => void queryClient.invalidateQueries({ queryKey }), 300);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [delivery, queryClient]);
  return useQuery({ queryKey, queryFn: api.tally }).data;
}
