import type { ConnectionStore } from "../client/connection-store.js";
import { CommandError } from "../contract/errors.js";

/**
 * Resolves once a client is connected; rejects with a `CommandError` of the server's code once it is refused, `closed` once
 * it is closed. One that does not connect yet is waited for.
 */
export function connected({ connection }: { readonly connection: ConnectionStore }): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (isClosed: boolean) => {
      const { status, reason = "closed" } = connection.getSnapshot();
      if (status !== "connected" && status !== "refused" && !isClosed) return;
      unsubscribe();
      if (status === "connected") resolve();
      else reject(new CommandError(reason, { command: "connect" }));
    };
    const unsubscribe = connection.subscribe(() => settle(connection.getSnapshot().status === "idle"));
    settle(false);
  });
}
