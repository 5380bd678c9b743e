import type { Contract } from "../contract/contract.js";
import { ContractError } from "../contract/errors.js";
import { type Hello, type HelloLimits, type HelloRoom, wireVersion } from "../delivery/hello.js";
import type { Announcement } from "./announcement.js";
import type { Backend } from "./backend.js";
import type { Connection } from "./connection.js";
import type { Membership } from "./membership.js";
import type { RoleEvents } from "./role-events.js";

/** Receives a connection: its own rooms first, then `$hello` to an announced one, then the event that greets it. */
export class Welcome {
  constructor(
    private readonly contract: Contract,
    private readonly backend: Backend,
    private readonly membership: Membership,
    private readonly roles: RoleEvents,
    private readonly limits: () => HelloLimits,
  ) {}

  /** Settles when the connection is served; rejects where it cannot be, and then it has to be ended. */
  async receive(connection: Connection, announcement: Announcement | undefined): Promise<void> {
    // A half-open link of the same client is gone before its rooms are entered again; another tab is left alone.
    if (connection.client !== undefined)
      await this.backend.evict(connection.userId, connection.client, connection.socket.id);
    const rooms: HelloRoom[] = [];
    const releases: (() => void)[] = [];
    for (const kind of this.contract.roomKinds.values()) {
      if (!kind.authenticated) continue;
      const name = kind.prefix + connection.userId;
      const cursor = announcement?.cursors.find((claim) => claim.room === name)?.cursor;
      const outcome = await this.membership.enterOwn(connection, kind, cursor);
      if (connection.closed) return;
      // Without its own room it would be deaf and not know it.
      if (!outcome.ok) throw new ContractError("backend_unavailable", "the user's own room could not be entered");
      rooms.push({ room: name, ...outcome.answer });
      releases.push(outcome.release);
    }
    if (connection.closed) return;
    if (connection.announced) connection.send("$hello", this.hello(connection, rooms));
    connection.greeted();
    const { identity, roles } = this.contract;
    this.roles.tell(connection, roles.connected, {
      sid: connection.socket.id,
      ...(identity === undefined ? {} : { [identity]: connection.userId }),
    });
    for (const release of releases) release();
  }

  private hello({ userId }: Connection, rooms: readonly HelloRoom[]): Hello {
    const { name, version } = this.contract;
    return {
      v: wireVersion,
      contract: `${name}@${version}`,
      user_id: userId,
      features: ["recovery", "packs", "answers"],
      limits: this.limits(),
      rooms,
    };
  }
}
