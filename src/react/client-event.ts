import { useEffect, useMemo } from "react";
import type { EventMeta } from "../client/listeners.js";
import { type AnyClient, nobody } from "./any-client.js";
import { useCommitEffect } from "./commit-effect.js";
import { useLatest } from "./latest.js";
import { createShared } from "./shared.js";

/** Calls the handler of the last render with every event of this name; one registration, whatever renders. */
export function useClientEvent(
  client: AnyClient = nobody,
  name: string,
  handler: (payload: never, meta: EventMeta) => unknown,
): void {
  const latest = useLatest(handler);
  const { use } = useMemo(
    () =>
      createShared<number>((users) => [
        // The registration outlives the page by a turn, and its handler must not.
        client.on(name, (payload, meta) => users.size && latest.current(payload, meta)),
      ]),
    [client, name, latest],
  );
  // A page that is suspended gives the first back alone, and hears on; one that is gone, or hidden, gives both back.
  useCommitEffect(() => use(0), [use]);
  useEffect(() => use(1), [use]);
}
