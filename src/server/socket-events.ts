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
      connection.afterHello(() => {
        this.stage.flush();
        this.stage.write(connection, [event]);
      });
    }
    return Promise.resolve({ ok: true });
  }
}
