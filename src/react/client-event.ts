import { useEffect, useInsertionEffect, useRef } from "react";
import type { EventMeta } from "../client/listeners.js";
import type { AnyClient } from "./any-client.js";
import { useCommitEffect } from "./commit-effect.js";
import { useLatest } from "./latest.js";

/** Calls the handler of the last render with every event of this name; one registration, whatever renders. */
export function useClientEvent(
  client: AnyClient | undefined,
  name: string,
  handler: (payload: never, meta: EventMeta) => unknown,
): void {
  const latest = useLatest(handler);
  const shown = useRef(0);
  const show = () => {
    shown.current++;
    return () => void shown.current--;
  };
  // A page that is suspended has lost the first alone and hears on; one that is hidden by `Activity` has lost both.
  useCommitEffect(show, []);
  useEffect(show, []);
  useInsertionEffect(
    () => client?.on(name, (payload, meta) => shown.current && latest.current(payload, meta)),
    [client, name, latest],
  );
}
