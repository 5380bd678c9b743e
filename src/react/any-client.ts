import { type ConnectionStore, createConnectionStore } from "../client/connection-store.js";
import type { EventMeta } from "../client/listeners.js";

/** A client of whatever contract, as the hooks use it; their types are those of `createEventHooks`. */
export interface AnyClient {
  on(name: string, handler: (payload: never, meta: EventMeta) => unknown): () => void;
  join(room: string): Promise<unknown>;
  leave(room: string): Promise<unknown>;
  send(name: string, payload: object, options?: object): Promise<unknown>;
  close(): void;
  readonly connection: ConnectionStore;
}

const closed = () => Promise.reject({ code: "closed" });

/** Stands where there is no client: nothing is ever heard from it, and it enters and sends nothing. */
export const noClient = {
  on: () => () => {},
  join: closed,
  async leave() {},
  send: closed,
  connection: /* @__PURE__ */ createConnectionStore(),
} as unknown as AnyClient;
