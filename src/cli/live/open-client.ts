import type { ClientOptions, EventClient } from "../../client/event-client.js";
import { Misuse } from "../exit-code.js";
import { printable } from "../printable.js";
import { loadClient } from "./client-module.js";
import type { Live } from "./live-options.js";

/** A client that has not connected yet. @throws {Misuse} where socket.io-client is not installed. */
export async function createLiveClient(
  { url, userId, ...live }: Live,
  more: Partial<ClientOptions> = {},
): Promise<EventClient> {
  const { createEventClient } = await loadClient();
  return createEventClient(url, { ...live, ...(userId !== undefined && { userId }), ...more, autoConnect: false });
}

/** Connects; rejects at the first attempt that fails. @throws {Misuse} with what to do about it. */
export function connect(client: EventClient): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      const { status, reason, attempt } = client.connection.getSnapshot();
      // What opened and was closed before it was let in is tried again like one that was lost.
      const failed = status === "refused" || status === "reconnecting" || attempt > 0;
      if (status !== "connected" && !failed) return;
      unsubscribe();
      if (!failed) return resolve();
      client.close();
      reject(new Misuse(connectionAdvice(reason ?? "connection_failed")));
    };
    const unsubscribe = client.connection.subscribe(settle);
    client.connect();
  });
}

/** Rejects once the server has refused a client that was connected: it does not try again. @throws {Misuse} as `connect`. */
export function refusalOf(client: EventClient): Promise<never> {
  return new Promise((_, reject) => {
    client.connection.subscribe(() => {
      const { status, reason } = client.connection.getSnapshot();
      // Later than what it answered just before is told.
      if (status === "refused") setImmediate(reject, new Misuse(connectionAdvice(reason ?? "refused")));
    });
  });
}

/** Why there is no connection, and what to try. */
export function connectionAdvice(code: string): string {
  const what = advice[code] === undefined ? "" : `; ${advice[code]}`;
  return printable(`not connected: ${code}${what} (docs/errors.md#${code})`);
}

const advice: Readonly<Record<string, string>> = {
  unauthenticated: "set GESTALOKA_TOKEN, or GESTALOKA_AUTH, to a credential of the server",
  connection_failed:
    "is it the server's URL, does Node trust its certificate (NODE_EXTRA_CA_CERTS), does it serve Socket.IO there (--path), and does it take this --origin?",
  refused: "a path in the URL is a namespace, which the server has to serve: is --path meant?",
  version_mismatch: "the server speaks another contract: name yours with --contract",
  backend_unavailable: "the server cannot reach its backend, such as Redis, or cannot judge the credential now",
  sticky_session: "several servers stand behind this URL without sticky sessions",
};
