import { useMemo, useSyncExternalStore } from "react";
import { useCommitEffect } from "../../react/commit-effect.js";
import { perClient } from "../../react/per-client.js";
import { createStore } from "../../react/store.js";
import type { NotificationPayload } from "../types.gen.js";
import { type GestalokaClient, useEventClient } from "./gestaloka-hooks.js";

/** A notification, and the name under which it is dismissed. */
export type NotificationItem = NotificationPayload & { readonly id: string };

/** What a user was told and has not put away. */
export interface Notifications {
  /** The newest first, at most 100. */
  readonly items: readonly NotificationItem[];
  dismiss(id: string): void;
  clear(): void;
}

const maxItems = 100;
const none: readonly NotificationItem[] = [];

const boxOf = perClient((client: GestalokaClient) => {
  const userNow = () => client.connection.getSnapshot().userId;
  let user: string | undefined;
  let count = 0;
  const store = createStore(none, () => {
    const offs = [
      client.on("notification:received", (payload) => {
        const mine = user === userNow() ? store.getSnapshot() : none;
        user = userNow();
        store.set([{ ...payload, id: String(++count) }, ...mine].slice(0, maxItems));
      }),
      client.connection.subscribe(() => store.set(store.getSnapshot())),
    ];
    return () => {
      for (const off of offs) off();
    };
  });
  return {
    subscribe: store.subscribe,
    // Another user's are nobody's business.
    getSnapshot: () => (user === userNow() ? store.getSnapshot() : none),
    dismiss: (id: string) => store.set(store.getSnapshot().filter((item) => item.id !== id)),
    clear: () => store.set(none),
  };
});

const nowhere = { subscribe: () => () => {}, getSnapshot: () => none, dismiss() {}, clear() {} };

function useBox() {
  const client = useEventClient();
  return client ? boxOf(client, "") : nowhere;
}

/**
 * The notifications that came since the provider is on the page, one list for all components.
 *
 * Those of a user who logged out are not shown to the next.
 */
export function useNotifications(): Notifications {
  const { subscribe, getSnapshot, dismiss, clear } = useBox();
  const items = useSyncExternalStore(subscribe, getSnapshot, nowhere.getSnapshot);
  return useMemo(() => ({ items, dismiss, clear }), [items, dismiss, clear]);
}

/** Keeps what comes while no component shows notifications. */
export function NotificationsKeeper(): null {
  const { subscribe } = useBox();
  useCommitEffect(() => subscribe(() => {}), [subscribe]);
  return null;
}
