import { randomUUID } from "node:crypto";
import { ContractError } from "../contract/errors.js";
import { type Emission, toUnnumbered } from "../delivery/stored-event.js";
import type { Feeds } from "./feeds.js";
import type { LocalEmits } from "./local-emits.js";
import type { LocalServers } from "./local-servers.js";
import type { RoomStore } from "./room-store.js";

/** Emits to Redis, or while it is away, where that is wanted, to the members on this server alone. */
export class Emits {
  constructor(
    private readonly store: RoomStore,
    private readonly local: LocalEmits,
    private readonly feeds: Feeds,
    private readonly servers: LocalServers,
  ) {}

  async append(
    room: string,
    emission: Emission,
    at: number,
    appendId: string = randomUUID(),
  ): Promise<number | undefined> {
    this.local.end(room);
    try {
      return await this.store.append(room, emission, at, appendId);
    } catch (error) {
      if (this.emitHere(room, emission, at, undefined, error)) return undefined;
      throw nameAppend(error, appendId);
    }
  }

  async publish(room: string, emission: Emission, at: number, except: string | undefined): Promise<undefined> {
    try {
      await this.store.publish(room, emission, at, except);
    } catch (error) {
      if (!this.emitHere(room, emission, at, except, error)) throw error;
    }
  }

  private emitHere(room: string, emission: Emission, at: number, except: string | undefined, error: unknown): boolean {
    if (!this.local.allows(error) || !this.local.add(room)) return false;
    const epoch = this.feeds.get(room)?.epoch;
    const bytes = Buffer.byteLength(emission.payload);
    if (epoch !== undefined) this.servers.deliver(room, toUnnumbered(emission, bytes, epoch, at), except);
    return true;
  }
}

/** Lets whoever emitted repeat it under the same name. */
function nameAppend(error: unknown, appendId: string): unknown {
  if (!(error instanceof ContractError) || error.code !== "log_unknown") return error;
  return new ContractError(error.code, "whether the event was appended is not known", { cause: error.cause, appendId });
}
