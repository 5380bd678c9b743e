import type { EmitResult } from "@gestaloka/events/server";
import type { Host } from "./host.js";
import { type Layout, streamCount, userOf } from "./layout.js";
import type { Outcome } from "./outcome-ledger.js";

interface RoomTarget {
  emit(name: never, payload: never, options?: { readonly appendId?: string }): Promise<EmitResult>;
}

/** Emits to the rooms of all streams, from a server or a worker. */
export class RoomEmits implements Pick<Host, "emit"> {
  private readonly targets: readonly RoomTarget[];

  constructor(to: { arena(id: string): RoomTarget; seat(id: string): RoomTarget }, layout: Layout) {
    this.targets = Array.from({ length: streamCount(layout) }, (_, stream) =>
      stream < layout.arenas ? to.arena(String(stream)) : to.seat(userOf(stream - layout.arenas)),
    );
  }

  async emit(stream: number, name: string, payload: object, appendId?: string): Promise<Outcome> {
    const target = this.targets[stream] as RoomTarget;
    const result = await target.emit(name as never, payload as never, appendId === undefined ? {} : { appendId });
    // Redis was away, and the members on this server alone were given it.
    if (result.ok) return result.seq === undefined ? "local" : "taken";
    return result.error.code === "log_unknown" ? "unknown" : "refused";
  }
}
