import { refused } from "./answer.js";
import { ConnectRefusal, type Credentials, identify } from "./authenticate.js";
import type { Connection } from "./connection.js";
import type { Lifetimes } from "./lifetimes.js";

/** Takes another credential of a connection's user in band, so that it need not connect again when the first one ends. */
export class Refreshing {
  private readonly busy = new WeakSet<Connection>();

  constructor(
    private readonly credentials: Credentials,
    private readonly lifetimes: Lifetimes,
  ) {}

  /** `$auth { auth }` → `{ ok: true }`, or a refusal, which leaves the connection with the credential it has. */
  async answer(connection: Connection, body: unknown, answer: (value: object) => void): Promise<void> {
    // One at a time: judging a credential costs the application.
    if (this.busy.has(connection) || !this.credentials.limit.take(connection.socket))
      return answer(refused("rate_limited"));
    this.busy.add(connection);
    try {
      const { auth } = (body ?? {}) as { readonly auth?: unknown };
      if (typeof auth !== "object" || auth === null || Array.isArray(auth)) return answer(refused("unauthenticated"));
      const user = await identify(connection.socket, auth as Readonly<Record<string, unknown>>, this.credentials);
      if (connection.closed) return;
      if (user.userId !== connection.userId) return answer(refused("identity_mismatch"));
      connection.user = user;
      this.lifetimes.set(connection, user.expiresAt);
      answer({ ok: true });
    } catch (error) {
      if (error instanceof ConnectRefusal) return answer(refused(error.data.code));
      this.credentials.reports.error(error, { during: "authenticate", userId: connection.userId });
      answer(refused("internal"));
    } finally {
      this.busy.delete(connection);
    }
  }
}
