import type { Contract } from "../contract/contract.js";
import type { Connection } from "./connection.js";
import type { LiveRoom } from "./live-room.js";
import type { Reports } from "./reports.js";

/** How far the events of a room that a connection is in were judged, and how far the next report judges them. */
interface Place {
  readonly epoch: string;
  judged: number;
  next: number;
}

/**
 * Counts by event what was addressed to connections alive, and how much of it their cursors reached.
 *
 * A report judges what was addressed by the report before it, so that what is on its way counts neither way; what a
 * connection that is gone had not reached is judged after its client came back.
 */
export class Arrivals {
  // A client that goes from room to room reports of each: nothing is kept of one that is empty here.
  private readonly places = new WeakMap<Connection, WeakMap<LiveRoom, Place>>();

  constructor(
    private readonly contract: Contract,
    private readonly reports: Reports,
  ) {}

  /** Takes the cursor of a connection in a room. */
  reported(connection: Connection, room: LiveRoom, epoch: string, seq: number): void {
    const from = room.get(connection);
    if (typeof from !== "number" || epoch !== room.epoch) return;
    let places = this.places.get(connection);
    if (!places) {
      places = new WeakMap();
      this.places.set(connection, places);
    }
    const place = places.get(room);
    if (place?.epoch !== epoch) {
      places.set(room, { epoch, judged: from, next: room.seq });
      return;
    }
    const { recent } = room;
    const known = recent?.bounds(epoch);
    // A client that has not reported for long is behind by more than anybody knows.
    const last = Math.min(place.next, known?.last ?? 0);
    for (let number = Math.max(place.judged + 1, from + 1, known?.first ?? 1); number <= last; number++) {
      const name = recent?.at(epoch, number) ?? "";
      const lane = this.contract.events.get(name.slice(1, -1))?.lane;
      if (lane === undefined) continue;
      this.reports.count("addressed", 1, name, lane);
      if (number <= seq) this.reports.count("reached", 1, name, lane);
    }
    place.judged = place.next;
    place.next = room.seq;
  }
}
