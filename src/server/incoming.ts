import { commandIdOf } from "../delivery/command-id.js";
import { type Answer, refused } from "./answer.js";
import type { Commands } from "./commands.js";
import type { Connection } from "./connection.js";
import type { Guard } from "./guard.js";
import type { FrameHandler } from "./library-frames.js";
import type { Paging } from "./paging.js";
import type { RoleEvents } from "./role-events.js";
import type { Stage } from "./stage.js";

type Acknowledge = ((answer: unknown) => void) | undefined;

// What no client of this contract sends; a handler's own refusals are no fault of the frame.
const invalid: ReadonlySet<string> = new Set([
  "unknown_command",
  "payload_invalid",
  "payload_too_large",
  "identity_mismatch",
]);

/**
 * Takes everything that a connection sends: commands of the contract and frames of the library, and nothing else.
 *
 * Every name ends here: no listener is called for it, whatever it is.
 */
export class Incoming {
  constructor(
    private readonly commands: Commands,
    private readonly frames: ReadonlyMap<string, FrameHandler>,
    private readonly stage: Stage,
    private readonly roles: RoleEvents,
    private readonly closing: AbortSignal,
    private readonly guard: Guard,
    private readonly paging: Paging,
  ) {}

  /** Takes one packet's array: a name, then `(payload)`, `(payload, { id })`, each with an acknowledgement or without. */
  receive(connection: Connection, packet: readonly unknown[]): void {
    const last = packet[packet.length - 1];
    const ack = typeof last === "function" ? (last as Acknowledge) : undefined;
    const count = ack ? packet.length - 1 : packet.length;
    const name = packet[0];
    const payload = count > 1 ? packet[1] : undefined;
    if (connection.announced && this.frames.has(name as string)) {
      this.frame(connection, name as string, payload, ack);
      return;
    }
    const tell = (answer: Answer): void => this.answer(connection, ack, answer);
    const id = count > 2 && connection.announced ? commandIdOf(packet[2]) : undefined;
    // Whoever asks for too much may still leave a room.
    const isOwn = this.commands.isOwn(name);
    const wait = isOwn ? this.guard.frame(connection) : this.guard.command(connection, id);
    const received = { name: typeof name === "string" ? name : "", payload, id };
    if (wait > 0) {
      // Whether it was begun before is a question like a frame.
      if (isOwn || id === undefined || this.guard.frame(connection) > 0) tell(this.commands.limit(name, wait));
      else void this.commands.limitNew(connection, received, tell, wait);
      return;
    }
    if (this.closing.aborted) {
      // One with an id is sent again to the next server, as long as nobody answers it here.
      if (id === undefined) tell(refused("server_closing"));
      return;
    }
    this.commands.receive(connection, received, tell);
  }

  private frame(connection: Connection, name: string, body: unknown, ack: Acknowledge): void {
    const wait = this.guard.frame(connection);
    if (wait > 0) {
      ack?.(this.commands.limit(name, wait));
      if (name === "$page") this.paging.limited(connection, body);
      return;
    }
    this.frames.get(name)?.(connection, body, (value) => {
      this.stage.flush();
      if (ack && connection.takesAnswers()) ack(value);
    });
  }

  private answer(connection: Connection, ack: Acknowledge, answer: Answer): void {
    if (connection.closed) return;
    // What the handler emitted is there before its answer, where the backend delivers at once.
    this.stage.flush();
    if (!connection.announced && !answer.ok) this.roles.refuse(connection, answer.error.code);
    if (ack && connection.takesAnswers()) ack(connection.announced || !answer.ok ? answer : answer.data);
    if (!answer.ok && invalid.has(answer.error.code)) this.guard.invalid(connection);
  }
}
