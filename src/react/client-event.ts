import { useMemo } from "react";
import type { EventMeta } from "../client/listeners.js";
import { type AnyClient, nobody } from "./any-client.js";
import { useLatest } from "./latest.js";
import { useOnPage } from "./on-page.js";
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
  useOnPage(use);
}
