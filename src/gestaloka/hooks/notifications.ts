import { type AnyClient, nobody } from "../../react/any-client.js";
import { useCommitEffect } from "../../react/commit-effect.js";
import { perClient } from "../../react/per-client.js";
import { all } from "../../react/shared.js";
import { createStore, useStore, type WritableStore } from "../../react/store.js";
import type { NotificationPayload } from "../types.gen.js";
import { useAnyClient } from "./gestaloka-hooks.js";

/** A notification, and the name under which it is dismissed. */
export type NotificationItem = NotificationPayload & { readonly id: string };

/** What a user was told and has not put away. The same object until something changes. */
export interface Notifications {
  /** The newest first, at most 100. */
  readonly items: readonly NotificationItem[];
  dismiss(id: string): void;
  clear(): void;
}

const maxItems = 100;

const boxOf = /* @__PURE__ */ perClient((client: AnyClient) => {
  let user: string | undefined;
  let count = 0;
  const clear = () => store.update({ items: [] });
  const dismiss = (id: string) => store.update({ items: store.getSnapshot().items.filter((item) => item.id !== id) });
  const store: WritableStore<Notifications> = createStore<Notifications>({ items: [], dismiss, clear }, () => {
    // Another user's are nobody's business.
    const known = () => {
      const { userId } = client.connection.getSnapshot();
      if (userId !== user) clear();
      user = userId;
    };
    known();
    return all([
      client.connection.subscribe(known),
      client.on("notification:received", (payload: NotificationPayload) =>
        store.update({ items: [{ ...payload, id: `${++count}` }, ...store.getSnapshot().items].slice(0, maxItems) }),
      ),
    ]);
  });
  return store;
});

/**
 * The notifications that came since the provider is on the page, one list for all components; gone with the user whose
 * they are.
 */
export function useNotifications(): Notifications {
  return useStore(boxOf, useAnyClient(), "");
}

/** Keeps what comes while no component shows notifications. */
export function NotificationsKeeper(): null {
  const { subscribe } = boxOf(useAnyClient() ?? nobody, "");
  useCommitEffect(() => subscribe(() => {}), [subscribe]);
  return null;
}
