import { ContractError } from "../contract/errors.js";
import { toUnnumbered } from "../delivery/stored-event.js";
import type { Connection } from "./connection.js";
import type { EmitResult } from "./event-target.js";
import type { Publisher } from "./publisher.js";
import type { Stage } from "./stage.js";

/** Emits to one connection: not logged, not numbered, after what its rooms have of this tick. */
export class SocketEvents {
  constructor(
    private readonly publisher: Publisher,
    private readonly stage: Stage,
  ) {}

  /** Emits to a connection of this server; one that is gone takes nothing, which is no error. */
  emit(connection: Connection | undefined, name: string, input: object): Promise<EmitResult> {
    const emission = this.publisher.check(name, input);
    if (emission instanceof ContractError) return Promise.resolve({ ok: false, error: emission });
    if (connection) {
      const event = toUnnumbered(emission, Buffer.byteLength(emission.payload), "", Date.now());
      if (connection.early) connection.early.push(event);
      else {
        this.stage.flush();
        this.stage.write(connection, [event]);
      }
    }
    return Promise.resolve({ ok: true });
  }

  /** Writes what waited for `$hello`: it was said, or the connection ends without it. */
  release(connection: Connection): void {
    const { early = [] } = connection;
    connection.early = undefined;
    for (const event of early) this.stage.write(connection, [event]);
  }
}
