import type { Contract } from "../contract/contract.js";
import { applied } from "./answer.js";
import type { Commands } from "./commands.js";
import { fitAck } from "./fit-fields.js";
import type { Membership } from "./membership.js";
import type { RoleEvents } from "./role-events.js";

/** Puts the library behind the commands that the contract leaves to it. */
export function serveRoles(contract: Contract, commands: Commands, membership: Membership, roles: RoleEvents): void {
  const { ping, pong } = contract.roles;
  const entry = ping === undefined ? undefined : contract.commands.get(ping);
  if (entry) {
    commands.serve(entry.name, async (connection, payload, _room, answer) => {
      roles.tell(connection, pong, payload);
      answer(applied(fitAck(entry.ack, { server_time: new Date().toISOString() })));
    });
  }
  for (const { join, leave } of contract.roomKinds.values()) {
    commands.serve(
      join,
      async (connection, _payload, room, answer) => room && membership.join(connection, room, answer),
    );
    commands.serve(
      leave,
      async (connection, _payload, room, answer) => room && membership.leave(connection, room, answer),
    );
  }
}
