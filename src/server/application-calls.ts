import type { Contract } from "../contract/contract.js";
import { ContractError } from "../contract/errors.js";
import { isRoomIdentifier } from "../contract/room.js";
import type { Backend } from "./backend.js";
import type { Commands } from "./commands.js";
import type { Connections } from "./connections.js";
import { backendMs } from "./limits.js";
import type { Publisher } from "./publisher.js";
import type { NamedRoom, Rights } from "./rights.js";
import { noSuchUser, toRoomTargets } from "./room-emitter.js";
import type { AnyHandler } from "./running-command.js";
import type { SocketEvents } from "./socket-events.js";
import type { Stage } from "./stage.js";
import { within } from "./within.js";

/** What an application's calls are carried out by. */
export interface CalledParts {
  readonly contract: Contract;
  readonly backend: Backend;
  readonly closing: AbortSignal;
  readonly commands: Commands;
  readonly connections: Connections;
  readonly publisher: Publisher;
  readonly rights: Rights;
  readonly sockets: SocketEvents;
  readonly stage: Stage;
}

/** Makes what an application may ask of its server while it runs. */
export function createApplicationCalls(parts: CalledParts) {
  const { contract, backend, closing, commands, connections, publisher, rights, sockets, stage } = parts;

  function requireRoom(room: string): NamedRoom {
    const named = rights.named(room);
    if (!named) throw new ContractError("room_invalid", "no such room: write contract.rooms.<kind>(id)");
    return named;
  }

  return {
    to: {
      ...toRoomTargets(contract, publisher),
      socket: (id: string) => ({
        emit: (name: string, input: object) => sockets.emit(connections.get(id), name, input),
      }),
    },
    handle: (name: string, handler: AnyHandler) => commands.handle(name, handler),
    async revoke(userId: string, room: string) {
      await backend.revoke(requireRoom(room).name, requireUser(userId));
    },
    disconnectUser: async (userId: string) => backend.disconnectUser(requireUser(userId), "revoked"),
    async members(room: string) {
      const { name, kind } = requireRoom(room);
      // An empty list would say that a user is not there.
      if (!kind.join)
        throw new ContractError("room_invalid", `nobody joins rooms of the kind ${kind.kind}: it has no members`);
      return backend.members(name);
    },
    async health() {
      const draining = closing.aborted;
      const up = await healthOf(backend);
      return { ready: up && !draining, draining, backend: up, connections: connections.size, rooms: stage.roomCount };
    },
  };
}

function requireUser(userId: string): string {
  if (!isRoomIdentifier(userId)) throw noSuchUser();
  return userId;
}

async function healthOf(backend: Backend): Promise<boolean> {
  try {
    return (await within(backendMs, Promise.resolve(backend.health()), true)) === true;
  } catch {
    return false;
  }
}
