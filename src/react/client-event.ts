import { useMemo } from "react";
import type { EventMeta } from "../client/listeners.js";
import { type AnyClient, noClient } from "./any-client.js";
import { useLatest } from "./latest.js";
import { useOnPage } from "./on-page.js";
import { createShared } from "./shared.js";

/** Calls the handler of the last render with every event of this name; one registration, whatever renders. */
export function useClientEvent(
  client: AnyClient = noClient,
  name: string,
  handler: (payload: never, meta: EventMeta) => unknown,
): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: `latest` is a ref, the same in every render
  const { use, users } = useMemo(
    () => createShared<number>((mine) => [client.on(name, (payload, meta) => latest.current(mine, payload, meta))]),
    [client, name],
  );
  // A registration outlives the page, and what the render before listened to, by a moment; its handler must not.
  const latest = useLatest(
    (of: ReadonlySet<number>, payload: never, meta: EventMeta): unknown =>
      of === users && of.size && handler(payload, meta),
  );
  useOnPage(use, 0, 1);
}
