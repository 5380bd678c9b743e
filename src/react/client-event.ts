import { useEffect, useInsertionEffect } from "react";
import type { EventMeta } from "../client/listeners.js";
import type { AnyClient } from "./any-client.js";
import { useLatest } from "./latest.js";

/** Calls the handler of the last render with every event of this name; one registration, whatever renders. */
export function useClientEvent(
  client: AnyClient | undefined,
  name: string,
  handler: (payload: never, meta: EventMeta) => unknown,
): void {
  const latest = useLatest<(payload: never, meta: EventMeta) => unknown>(handler);
  // Neither goes with the layout effects that a suspended page loses: it hears on, and a hidden or unmounted one does not.
  // biome-ignore lint/correctness/useExhaustiveDependencies: what `useLatest` puts there in each commit
  useEffect(() => {
    latest.current = handler;
    return () => {
      latest.current = () => {};
    };
  }, [latest]);
  useInsertionEffect(() => client?.on(name, (payload, meta) => latest.current(payload, meta)), [client, name, latest]);
}
