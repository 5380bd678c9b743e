import { useSyncExternalStore } from "react";
import type { Log } from "./log.js";

export function useLog<TValue>(log: Log<TValue>): TValue {
  return useSyncExternalStore(log.subscribe, log.getSnapshot);
}
