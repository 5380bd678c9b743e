import { useSyncExternalStore } from "react";
import type { ConnectionSnapshot } from "../client/connection-store.js";
import type { AnyClient } from "./any-client.js";

const idle: ConnectionSnapshot = {
  status: "idle",
  reason: undefined,
  attempt: 0,
  mode: undefined,
  transport: undefined,
  userId: undefined,
};
const never = () => () => {};

/** Something of the connection, the page rendered again only when that changes. */
export function useConnectionOf<TValue>(
  client: AnyClient | undefined,
  read: (snapshot: ConnectionSnapshot) => TValue,
): TValue {
  // A server renders what the browser renders first: no connection.
  return useSyncExternalStore(
    client?.connection.subscribe ?? never,
    () => read(client?.connection.getSnapshot() ?? idle),
    () => read(idle),
  );
}
