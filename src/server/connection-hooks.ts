import type { Contract } from "../contract/contract.js";
import { AdmissionPace } from "./admission-pace.js";
import { admit, ConnectRefusal, type Credentials } from "./authenticate.js";
import type { ConnectionHooks } from "./connections.js";
import type { Expulsion } from "./expulsion.js";
import type { HandshakesFirst } from "./handshakes-first.js";
import type { Incoming } from "./incoming.js";
import type { Lifetimes } from "./lifetimes.js";
import type { Membership } from "./membership.js";
import type { Parting } from "./parting.js";
import type { Reports } from "./reports.js";
import type { Welcome } from "./welcome.js";

const tooOften = new ConnectRefusal("rate_limited");

/** What takes part in the life of a connection. */
export interface ConnectionParts {
  /** Judges options that are known only once the Socket.IO server is attached; `undefined` where they were judged. */
  readonly requireSafe: (() => void) | undefined;
  readonly closing: AbortSignal;
  readonly contract: Contract;
  readonly credentials: Credentials;
  readonly expulsion: Expulsion;
  readonly handshakes: HandshakesFirst;
  readonly incoming: Incoming;
  readonly lifetimes: Lifetimes;
  readonly membership: Membership;
  readonly parting: Parting;
  readonly reports: Reports;
  readonly welcome: Welcome;
}

/** Leads each connection from its handshake to its end. */
export function createConnectionHooks(parts: ConnectionParts): ConnectionHooks {
  const { closing, contract, credentials, expulsion, handshakes, incoming } = parts;
  const { lifetimes, membership, parting, reports, welcome } = parts;
  let { requireSafe } = parts;
  // Apart from the pace of entering: who is let in gets into its rooms while others wait at the door.
  const connecting = new AdmissionPace((waitedMs) => handshakes.most(waitedMs));
  return {
    closing,
    async admit(socket) {
      if (!credentials.limit.take(socket)) throw tooOften;
      await connecting.turn();
      if (closing.aborted) throw new ConnectRefusal("server_closing");
      // What came with a later attach is known by now.
      requireSafe?.();
      requireSafe = undefined;
      const admission = await admit(socket, contract, credentials);
      // It may have taken long.
      if (closing.aborted) throw new ConnectRefusal("server_closing");
      return admission;
    },
    refused({ conn, handshake: { address } }, error) {
      if (error === tooOften) {
        // Told once, however much of it came at once.
        if (conn.readyState !== "open") return;
        conn.close(true);
      }
      const code = error instanceof ConnectRefusal ? error.data.code : "internal";
      if (!(error instanceof ConnectRefusal)) reports.error(error, { during: "authenticate" });
      reports.count("rejected", 1, "", code);
      const contract = error instanceof ConnectRefusal ? error.spoken : undefined;
      reports.log("warn", { code, address, ...(contract !== undefined && { contract }) }, "connection refused");
    },
    opened(connection, { user, announcement }) {
      reports.count("connects", 1, "", "");
      lifetimes.set(connection, user.expiresAt);
      connection.inOrder("rooms", () =>
        welcome.receive(connection, announcement).catch((error) => {
          reports.error(error, { during: "enter", userId: connection.userId }, "backend_unavailable");
          parting.end(connection, "backend_unavailable");
        }),
      );
    },
    received(connection, packet) {
      try {
        incoming.receive(connection, packet);
      } catch (error) {
        // Whatever a stranger sent, it ends here.
        reports.error(error, { during: "command", userId: connection.userId });
      }
    },
    unreadable: (connection) => expulsion.report(connection, "invalid_frames"),
    closed(connection) {
      lifetimes.forget(connection);
      membership.lost(connection);
    },
  };
}
