import { isEpoch } from "../delivery/epoch.js";
import { pageEvents, toPage } from "../delivery/page.js";
import { refused } from "./answer.js";
import type { Backend } from "./backend.js";
import type { Connection } from "./connection.js";
import type { Entering } from "./entering.js";
import { Holding, type LiveRoom } from "./live-room.js";
import type { Reports } from "./reports.js";
import type { Stage } from "./stage.js";

const pageBytes = 64 * 1024;

/** What a client asks for with `$page`. */
export interface PageRequest {
  readonly epoch: string;
  readonly after: number;
  /** How many it wants, which may be more than a page holds. */
  readonly limit: number;
}

/** Reads a stranger's `$page { epoch, after, limit }`; `undefined` when anything in it is malformed. */
export function readPageRequest(body: unknown): PageRequest | undefined {
  const { epoch, after, limit } = (body ?? {}) as { [key: string]: unknown };
  if (!isEpoch(epoch) || !Number.isSafeInteger(after) || !Number.isSafeInteger(limit)) return undefined;
  if ((after as number) < 0 || (limit as number) < 1) return undefined;
  return { epoch, after: after as number, limit: limit as number };
}

/** Gives members pages of a room's log: what a replay is too long for, and what got lost on the way. */
export class Paging {
  constructor(
    private readonly backend: Backend,
    private readonly stage: Stage,
    private readonly entering: Entering,
    private readonly reports: Reports,
  ) {}

  /** `$page { epoch, after, limit }` → `{ events, next? }`, or a refusal, after which nothing of the replay may be used. */
  async answer(connection: Connection, body: unknown, answer: (value: object) => void): Promise<void> {
    const request = readPageRequest(body);
    const room = request && this.roomOf(connection, request.epoch);
    const member = room?.get(connection);
    if (!request || !room || member === undefined || !isWithin(request, member)) return answer(refused("forbidden"));
    const held = member instanceof Holding ? member : undefined;
    // A client that is refused has given the replay up: what was held for it follows.
    const refuse = (code: string): void => {
      answer(refused(code));
      if (held) this.entering.release(held);
    };
    const lose = (code: "held_too_much" | "log_unknown"): void => {
      this.reports.count("resync", 1, "", code);
      refuse(code);
    };
    try {
      const { epoch, after } = request;
      // What is past a replay is held here, and follows by itself.
      const limit = held ? Math.min(request.limit, held.until - after) : request.limit;
      if (held?.overflown) return lose("held_too_much");
      const events = await this.backend.read(room.name, epoch, after, Math.min(limit, pageEvents), pageBytes);
      // Closed, put out, or entering anew since.
      if (room.get(connection) !== member) return answer(refused("forbidden"));
      if (!events) return lose("log_unknown");
      const until = held ? held.until : Math.min(after + limit, room.seq);
      this.reports.count("replayed", events.length, "", "");
      answer(toPage(events, after, until));
      if (!held) return;
      if (after + events.length >= held.until) this.entering.release(held);
      else this.entering.wait(held);
    } catch (error) {
      this.reports.error(error, { during: "backend", room: room.name, userId: connection.userId });
      refuse("internal");
    }
  }

  /** One who is refused a page for asking for too much has given the replay up like any other. */
  limited(connection: Connection, body: unknown): void {
    const request = readPageRequest(body);
    const room = request && this.roomOf(connection, request.epoch);
    const member = room?.get(connection);
    if (member instanceof Holding) this.entering.release(member);
  }

  private roomOf(connection: Connection, epoch: string): LiveRoom | undefined {
    for (const name of connection.socket.rooms) {
      const room = this.stage.find(name);
      const member = room?.get(connection);
      if (!room || member === undefined) continue;
      // A replay is of the log that was entered, though the room may have another one since.
      if ((member instanceof Holding ? member : room).epoch === epoch) return room;
    }
    return undefined;
  }
}

// Nobody is shown what came before they were let in, or before what they said they had.
function isWithin({ after }: PageRequest, member: Holding | number): boolean {
  return typeof member === "number" ? after >= member : after >= member.from && after < member.until;
}
