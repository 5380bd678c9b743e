import type { BackendNode } from "./backend.js";
import type { Connections } from "./connections.js";
import type { Membership } from "./membership.js";
import type { Parting } from "./parting.js";
import type { Presence } from "./presence.js";
import type { Reports } from "./reports.js";
import type { Rights } from "./rights.js";
import type { Stage } from "./stage.js";

/** What a backend's word is carried out by. */
export interface BackendNodeParts {
  readonly stage: Stage;
  readonly connections: Connections;
  readonly parting: Parting;
  readonly membership: Membership;
  readonly presence: Presence;
  readonly rights: Rights;
  readonly reports: Reports;
}

/** Makes the end of a server that its backend speaks to. */
export function createBackendNode(parts: BackendNodeParts): BackendNode {
  const { stage, connections, parting, membership, presence, rights, reports } = parts;
  return {
    deliver: (room, event, except) => stage.deliver(room, event, except),
    revoked(room, userId) {
      for (const connection of connections.ofUser(userId)) membership.revoke(connection, room);
      presence.revoked(room, userId);
    },
    disconnectUser(userId, code) {
      stage.flush();
      connections.expelUser(userId, code);
    },
    evict(userId, client, socketId) {
      for (const connection of connections.ofUser(userId))
        if (connection.client === client && connection.socket.id !== socketId) parting.cut(connection, "evicted");
    },
    gone: (name, userId) => {
      const room = rights.named(name);
      if (room) presence.tellWent(room, userId);
      return room !== undefined;
    },
    came: (name, userId) => {
      const room = rights.named(name);
      if (room) presence.tellCame(room, userId);
      return room !== undefined;
    },
    stands: (name, { epoch, seq }) => stage.find(name)?.stands(epoch, seq),
    failed: (error) => reports.error(error, { during: "backend" }, "backend_unavailable"),
  };
}
