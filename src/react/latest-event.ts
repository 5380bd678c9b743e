import { useMemo, useSyncExternalStore } from "react";
import type { EventMeta } from "../client/listeners.js";
import { type AnyClient, nobody } from "./any-client.js";
import { connectionOf, createStore, useStore, type WritableStore } from "./store.js";

/** Whether an event is for this room; a plain server does not say where an event belongs. */
export function isOf(room: string | undefined, meta: EventMeta): boolean {
  return room === undefined || (meta.room ?? room) === room;
}

/** The last event of this name that came since the component is on the page. */
export function useLatestOf(client: AnyClient = nobody, name: string, room?: string): unknown {
  const { userId } = useStore(connectionOf, client, "");
  // What came for another name, room, client or user is nothing to show.
  const { subscribe, getSnapshot } = useMemo(() => latestOf(client, name, room, userId), [client, name, room, userId]);
  return useSyncExternalStore(subscribe, getSnapshot, getSnapshot).payload;
}

interface Latest {
  readonly payload?: unknown;
}

function latestOf(client: AnyClient, name: string, room?: string, _user?: string): WritableStore<Latest> {
  const store: WritableStore<Latest> = createStore<Latest>({}, () =>
    client.on(name, (payload, meta) => isOf(room, meta) && store.update({ payload })),
  );
  return store;
}
