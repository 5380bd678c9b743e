import type { Contract } from "../contract/contract.js";
import type { Connection } from "./connection.js";
import { fitFields } from "./fit-fields.js";
import type { Publisher } from "./publisher.js";
import type { NamedRoom } from "./rights.js";
import type { SocketEvents } from "./socket-events.js";

type Fields = Readonly<Record<string, unknown>>;

/** Sends the events that the contract gives the library to send, filled by name. */
export class RoleEvents {
  constructor(
    private readonly contract: Contract,
    private readonly publisher: Publisher,
    private readonly sockets: SocketEvents,
    private readonly errorText: (code: string) => string,
  ) {}

  /** To the connection that asked. */
  tell(connection: Connection, event: string | undefined, known: Fields): void {
    const input = this.fit(event, known);
    if (event !== undefined && input) void this.sockets.emit(connection, event, input);
  }

  /** Tells a plain peer that it was refused, in the one way that it knows. */
  refuse(connection: Connection, code: string): void {
    this.tell(connection, this.contract.roles.error, { message: this.errorText(code), error: code });
  }

  /** To a connection, of its user in a room. */
  tellOfRoom(connection: Connection, event: string | undefined, room: NamedRoom): void {
    this.tell(connection, event, this.fields(room, connection.userId));
  }

  /** To a room's other users, of this one. */
  announce(userId: string, event: string | undefined, room: NamedRoom): void {
    const input = this.fit(event, this.fields(room, userId));
    if (event !== undefined && input)
      void this.publisher.emit(room.name, room.kind.kind, event, input, undefined, userId);
  }

  private fields({ kind, id }: NamedRoom, userId: string): Fields {
    const { identity } = this.contract;
    return { [kind.parameter]: id, ...(identity === undefined ? {} : { [identity]: userId }) };
  }

  private fit(event: string | undefined, known: Fields): Fields | undefined {
    const entry = event === undefined ? undefined : this.contract.events.get(event);
    if (!entry) return undefined;
    const now = Date.now();
    return fitFields(known, (candidate) => entry.payload.accepts(entry.fill(candidate, now), "writer"));
  }
}
