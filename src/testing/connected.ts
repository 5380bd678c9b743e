import type { ConnectionStore } from "../client/connection-store.js";
import { CommandError } from "../contract/errors.js";

/**
 * Resolves once a client is connected; rejects with a `CommandError` of the server's code once it is refused, `closed` once
 * it is closed. One that does not connect yet is waited for: for `withinMs`, 4,000, and then it rejects with the code of what
 * the last attempt failed on, such as `credential_expired`, or with `timeout`.
 */
export function connected(
  { connection }: { readonly connection: ConnectionStore },
  { withinMs = 4_000 }: { readonly withinMs?: number } = {},
): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (code?: string) => {
      unsubscribe();
      clearTimeout(timer);
      if (code === undefined) resolve();
      else reject(new CommandError(code, { command: "connect" }));
    };
    const settle = (isClosed: boolean) => {
      const { status, reason } = connection.getSnapshot();
      if (status === "connected") end();
      else if (status === "refused" || isClosed) end(reason ?? "closed");
    };
    // A client tries for ever, and a test runner would say no more than that its time was up.
    const timer = setTimeout(() => end(connection.getSnapshot().reason ?? "timeout"), withinMs);
    const unsubscribe = connection.subscribe(() => settle(connection.getSnapshot().status === "idle"));
    settle(false);
  });
}
