import { useMemo, useSyncExternalStore } from "react";
import { type AnyClient, noClient } from "./any-client.js";
import { useOnPage } from "./on-page.js";
import { createUserStore } from "./user-store.js";

interface Latest {
  readonly payload?: unknown;
}

/** The last event of this name that came since the component is on the page. */
export function useLatestOf(client: AnyClient = noClient, name: string, room?: string): unknown {
  const { subscribe, getSnapshot } = useMemo(
    () =>
      createUserStore<Latest>(client, name, { payload: undefined }, (payload, meta) =>
        // A plain server does not say where an event belongs.
        room && meta.room && meta.room !== room ? {} : { payload },
      ),
    [client, name, room],
  );
  // The payload, and not what holds it: an event of another room is no news.
  const read = () => getSnapshot().payload;
  // React itself subscribes a turn after the commit.
  useOnPage(subscribe, read, read);
  return useSyncExternalStore(subscribe, read, read);
}
