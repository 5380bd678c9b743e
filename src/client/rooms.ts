import type { Contract } from "../contract/contract.js";
import { CommandError } from "../contract/errors.js";
import { backoffMs } from "../delivery/backoff.js";
import type { HelloRoom } from "../delivery/hello.js";
import { type Cursor, isCursor } from "../delivery/recovery.js";
import type { EntryAnswer, RoomCursor } from "../delivery/room-cursor.js";
import { type Answer, readAnswer } from "./answer.js";
import type { Channel, Outcome } from "./channel.js";
import { createDeferred, type Deferred } from "./deferred.js";
import type { Tell } from "./local-events.js";
import { passing } from "./passing.js";
import type { RoomStreams } from "./room-streams.js";

interface Room {
  readonly name: string;
  readonly stream: RoomCursor;
  /** The commands that enter and leave it, with their payload; `undefined` for a room entered on authentication. */
  readonly by: { readonly join: string; readonly leave: string | undefined; readonly payload: object } | undefined;
  /** The answer to `join`, anew for each connection. */
  joined: Deferred<unknown>;
  /** The entry that is under way, and whether it is one to a plain server. */
  entry: { readonly plain: boolean } | undefined;
  /** Entries in a row that came to nothing. */
  failures: number;
  ever: boolean;
  timer: ReturnType<typeof setTimeout> | undefined;
}

export interface RoomsOptions {
  readonly contract: Contract;
  readonly streams: RoomStreams;
  readonly tell: Tell;
  /** Checks the data of an acknowledgement; rejects with what is wrong with it. */
  readonly checkData: (command: string, data: unknown) => Promise<unknown>;
  /** Called whenever an entry is over. */
  readonly settled: () => void;
  /** The log of a room that only a new connection enters is another one now. */
  readonly renew: () => void;
}

/** The rooms that the application wants to be in, entered again on every connection until it leaves them. */
export interface Rooms {
  join(name: string): Promise<unknown>;
  leave(name: string): Promise<void>;
  /** Whether entries are under way. */
  readonly busy: boolean;
  attach(channel: Channel, entered: readonly HelloRoom[], authenticated: readonly string[] | undefined): void;
  detach(): void;
  /** The server put this user out, or never let it in. */
  closed(name: string, code: string): void;
  /** Cursors of the rooms that are entered on authentication. */
  authenticatedCursors(): readonly object[];
  /** Cursors of all rooms that are entered. */
  cursors(): readonly { readonly room: string; readonly epoch: string; readonly seq: number }[];
  compared(heads: unknown): void;
  /** Answers every `join` that has no answer; `forget` leaves no room, as at the end of a session. */
  close(forget: boolean): void;
}

/** Makes an empty set of rooms. */
export function createRooms(options: RoomsOptions): Rooms {
  const { contract, streams, tell, checkData, settled, renew } = options;
  const rooms = new Map<string, Room>();
  let channel: Channel | undefined;

  function open(name: string, by: Room["by"]): Room {
    const stream = streams.open(name);
    const joined = createDeferred<unknown>(true);
    const room: Room = { name, stream, by, joined, entry: undefined, failures: 0, ever: false, timer: undefined };
    rooms.set(name, room);
    return room;
  }

  function enter(room: Room): void {
    const { name, stream, by } = room;
    if (!channel || !by) return;
    clearTimeout(room.timer);
    const on = channel;
    const entry = { plain: !on.announced };
    room.entry = entry;
    const done = (outcome: Outcome) => {
      if (room.entry !== entry) return;
      room.entry = undefined;
      if (entry.plain) enteredPlain(room, by.join, "lost" in outcome);
      else entered(room, by.join, readAnswer(outcome), on);
      settled();
    };
    // From a plain server its cursor stays for now: the server may announce itself yet.
    if (entry.plain) on.command(by.join, by.payload, done);
    else {
      stream.enter();
      const { cursor } = stream;
      on.request("$enter", [{ room: name, ...(cursor && { cursor }) }], done);
    }
  }

  function entered(room: Room, join: string, answer: Answer, on: Channel): void {
    if (answer.ok && isEntryAnswer(answer.body)) {
      room.failures = 0;
      room.ever = true;
      // One who was answered before, on this connection, would not hear what is wrong with it.
      if (!room.joined.settled) room.joined.resolve(checkData(join, answer.body.data));
      streams.entered(room.stream, answer.body, on);
    } else if (answer.ok || answer.lost || passing.has(answer.code)) {
      // The room stays held until an entry succeeds: nothing may slip past its cursor.
      const { retryAfterMs = 0 } = answer as { readonly retryAfterMs?: number };
      // Rooms that were told the same would come again together, and all but one be told it again.
      const hint = { retry_after_ms: retryAfterMs, spread_ms: backoffMs(room.failures++, 1) };
      room.timer = setTimeout(enter, backoffMs(0, Math.random(), hint), room);
    } else remove(room, answer.code, true);
  }

  function enteredPlain(room: Room, join: string, silent: boolean): void {
    if (room.ever) tell("ws:resync", { room: room.name, reason: "plain" });
    room.ever = true;
    // A handler that raised never acknowledges; whether the room was entered cannot be told.
    if (silent) room.joined.reject(new CommandError("timeout", { command: join }));
    else room.joined.resolve(undefined);
  }

  function refuse({ joined, by, name }: Room, code: string): void {
    joined.reject(new CommandError(code, { command: by?.join ?? name }));
  }

  function remove(room: Room, code: string, isTold?: boolean): void {
    const { name, entry } = room;
    rooms.delete(name);
    streams.close(room.stream);
    clearTimeout(room.timer);
    refuse(room, code);
    room.entry = undefined;
    // Before what waited for it goes out, since whoever is told of that may join it again.
    if (isTold) tell("ws:room-closed", { room: name, code });
    if (entry) settled();
  }

  return {
    get busy() {
      return [...rooms.values()].some(({ entry }) => entry);
    },
    join(name) {
      const parsed = contract.parseRoom(String(name));
      const { join, leave, parameter = "" } = (parsed && contract.roomKinds.get(parsed.kind)) ?? {};
      if (!parsed || join === undefined) return Promise.reject(new CommandError("room_invalid"));
      let room = rooms.get(name);
      if (!room) {
        room = open(name, { join, leave, payload: { [parameter]: parsed.id } });
        enter(room);
      }
      return room.joined.promise;
    },
    leave(name) {
      const room = rooms.get(name);
      if (!room?.by) return Promise.resolve();
      remove(room, "closed");
      const { leave, payload } = room.by;
      const on = channel;
      // A handler that was told of a command which waited may have joined it again: the last wish counts.
      if (!on || leave === undefined || rooms.has(name)) return Promise.resolve();
      return new Promise((resolve) => on.command(leave, payload, () => resolve()));
    },
    attach(on, entered, authenticated) {
      channel = on;
      const answers = on.announced ? entered : [];
      const given = [...rooms.values()].filter(({ by }) => !by);
      // A plain server whose user is not known may still be the one of before.
      const own = authenticated ?? given.map(({ name }) => name);
      const names = on.announced ? answers.map(({ room }) => room) : own;
      for (const room of given) if (!names.includes(room.name)) remove(room, "closed");
      // Before anybody is told, who may join others; what was joined as a plain server announced itself is being entered.
      for (const room of rooms.values()) if (room.entry?.plain !== false) enter(room);
      for (const name of names) {
        if (!rooms.has(name)) open(name, undefined);
        else if (!on.announced) tell("ws:resync", { room: name, reason: "plain" });
      }
      for (const answer of answers) {
        const room = rooms.get(answer.room);
        // Views that were told of the room before may have closed the client.
        if (room && channel === on) streams.entered(room.stream, answer, on);
      }
    },
    detach() {
      streams.detach(channel?.announced === false);
      channel = undefined;
      for (const room of rooms.values()) {
        clearTimeout(room.timer);
        room.entry = undefined;
        if (room.joined.settled) room.joined = createDeferred(true);
      }
    },
    closed(name, code) {
      const room = rooms.get(name);
      if (room) remove(room, code, true);
    },
    authenticatedCursors: () => cursorsOf([...rooms.values()].filter(({ by }) => !by)),
    cursors: () => cursorsOf([...rooms.values()]),
    compared(heads) {
      if (!Array.isArray(heads)) return;
      for (const head of heads as unknown[]) {
        if (!isCursor(head)) continue;
        const room = rooms.get((head as Cursor & { readonly room: string }).room);
        if (!room || streams.compared(room.stream, head)) continue;
        if (room.by) enter(room);
        else return renew();
      }
    },
    close(forget) {
      for (const room of [...rooms.values()]) {
        if (forget) remove(room, "closed");
        else {
          refuse(room, "closed");
          room.joined = createDeferred(true);
        }
      }
    },
  };
}

function cursorsOf(rooms: readonly Room[]): { room: string; epoch: string; seq: number }[] {
  return rooms.flatMap(({ name, stream: { cursor } }) => (cursor ? [{ room: name, ...cursor }] : []));
}

/** Judges what a server says of a room that was entered. */
export function isEntryAnswer(value: unknown): value is EntryAnswer & { readonly data?: unknown } {
  if (!isCursor(value)) return false;
  const { recovered, reason, after } = value as { recovered?: unknown; reason?: unknown; after?: unknown };
  return (
    typeof recovered === "boolean" &&
    (reason === undefined || typeof reason === "string") &&
    (after === undefined || Number.isSafeInteger(after))
  );
}
