import type { ConnectionStore } from "../client/connection-store.js";
import type { EventMeta } from "../client/listeners.js";

/** A client of whatever contract, as the hooks use it; their types are those of `createEventHooks`. */
export interface AnyClient {
  on(name: string, handler: (payload: never, meta: EventMeta) => unknown): () => void;
  join(room: string): Promise<unknown>;
  leave(room: string): Promise<void>;
  close(): void;
  readonly connection: ConnectionStore;
}
