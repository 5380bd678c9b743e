import type { ConnectionStore } from "../client/connection-store.js";
import { CommandError } from "../contract/errors.js";

/** Resolves once a client is connected; rejects with a `CommandError` of the server's code once it is refused. */
export function connected(client: { readonly connection: ConnectionStore }): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      const { status, reason = "refused" } = client.connection.getSnapshot();
      if (status !== "connected" && status !== "refused") return;
      unsubscribe();
      if (status === "connected") resolve();
      else reject(new CommandError(reason, { command: "connect" }));
    };
    const unsubscribe = client.connection.subscribe(settle);
    settle();
  });
}
