import type { AnyClient } from "../../react/any-client.js";
import { perClient } from "../../react/per-client.js";
import { useStore, type WritableStore } from "../../react/store.js";
import { createUserStore } from "../../react/user-store.js";
import type { NotificationPayload } from "../types.gen.js";
import { useAnyClient } from "./gestaloka-hooks.js";
import { withoutId } from "./without-id.js";

/** A notification, and the name under which it is dismissed. */
export type NotificationItem = NotificationPayload & { readonly id: string };

/** What a user was told and has not put away. The same object until something changes. */
export interface Notifications {
  /** The newest first, at most 100. */
  readonly items: readonly NotificationItem[];
  /** Takes one away. */
  dismiss(id: string): void;
  /** Takes all away. */
  clear(): void;
}

const boxOf = /* @__PURE__ */ perClient((client: AnyClient) => {
  let count = 0;
  const items = () => store.getSnapshot().items;
  const store: WritableStore<Notifications> = createUserStore<Notifications>(
    client,
    "notification:received",
    {
      items: [],
      dismiss: (id) => store.update({ items: withoutId(items(), id) }),
      clear: () => store.update({ items: [] }),
    },
    (payload: NotificationPayload) => ({ items: [{ ...payload, id: `${++count}` }, ...items()].slice(0, 100) }),
  );
  // What comes while no component shows them is kept, too.
  store.subscribe(items);
  return store;
});

/**
 * The notifications that came since the first component asked for them, one list for all, kept also while none is on the
 * page; gone with the user whose they are.
 */
export function useNotifications(): Notifications {
  return useStore(boxOf, useAnyClient(), "all");
}
