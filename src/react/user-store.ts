import type { EventMeta } from "../client/listeners.js";
import type { AnyClient } from "./any-client.js";
import { createStore, type WritableStore } from "./store.js";

/** Makes a store of what events of this name leave behind; it is `empty` again for another user. */
export function createUserStore<TSnapshot extends object>(
  client: AnyClient,
  name: string,
  empty: TSnapshot,
  heard: (payload: never, meta: EventMeta) => Partial<TSnapshot>,
): WritableStore<TSnapshot> {
  let user: string | undefined;
  const store: WritableStore<TSnapshot> = createStore(empty, () => {
    // What a user was told is nobody else's business.
    const known = () => {
      const { userId } = client.connection.getSnapshot();
      if (userId !== user) store.update(empty);
      user = userId;
    };
    known();
    return [client.connection.subscribe(known), client.on(name, (payload, meta) => store.update(heard(payload, meta)))];
  });
  return store;
}
