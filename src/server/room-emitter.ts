import type { Contract } from "../contract/contract.js";
import { ContractError } from "../contract/errors.js";
import { isRoomIdentifier, roomName } from "../contract/room.js";
import type { EmitOptions, EmitResult } from "./event-target.js";
import type { Publisher } from "./publisher.js";

/** One room to emit to; `room` is an error where an identifier was none, and then every emit is refused with it. */
export class RoomEmitter {
  constructor(
    private readonly publisher: Publisher,
    private readonly kind: string,
    private readonly room: string | ContractError,
    private readonly left: string | undefined = undefined,
  ) {}

  emit(name: string, input: object, options?: EmitOptions): Promise<EmitResult> {
    return this.publisher.emit(this.room, this.kind, name, input, options, this.left);
  }

  except(userId: string): RoomEmitter {
    // Of `undefined` it would leave out nobody, and tell the one it was to leave out.
    const room = isRoomIdentifier(userId) ? this.room : noSuchUser();
    return new RoomEmitter(this.publisher, this.kind, room, userId);
  }
}

/** The error of what is no user's id: a mistake, and nothing to go on with. */
export function noSuchUser(): ContractError {
  return new ContractError("room_invalid", "no such user: nothing was done");
}

/** One function a kind of room; an identifier that cannot stand in a name is refused as each emit is. */
export function toRoomTargets(contract: Contract, publisher: Publisher): Record<string, (id: string) => RoomEmitter> {
  return Object.fromEntries(
    [...contract.roomKinds.values()].map(({ kind, prefix }) => [
      kind,
      (id: string) => new RoomEmitter(publisher, kind, toRoomName(prefix, id)),
    ]),
  );
}

// Most identifiers are short and plain, and then there is nothing to normalise.
const plainIdentifier = /^[!-~]{1,128}$/;

function toRoomName(prefix: string, id: string): string | ContractError {
  // A pattern would read `undefined` as a text, and nobody is in that room.
  if (typeof id === "string" && plainIdentifier.test(id)) return prefix + id;
  try {
    return roomName(prefix, id);
  } catch (error) {
    return error instanceof ContractError ? error : new ContractError("room_invalid", "no such room", { cause: error });
  }
}
