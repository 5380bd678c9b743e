import type { CommandEntry, Contract, RoomEntry } from "../contract/contract.js";
import { CommandError } from "../contract/errors.js";
import { backoffMs } from "../delivery/backoff.js";
import type { HelloRoom } from "../delivery/hello.js";
import { isCursor } from "../delivery/recovery.js";
import type { EntryAnswer, RoomCursor } from "../delivery/room-cursor.js";
import { type Answer, readAnswer } from "./answer.js";
import type { Channel, Outcome } from "./channel.js";
import { createDeferred, type Deferred } from "./deferred.js";
import type { Tell } from "./local-events.js";
import type { RoomStreams } from "./room-streams.js";

/** How long an entry may take before it is asked for again, or a plain server is taken to have entered, ms. */
const entryTimeoutMs = 10_000;

// The room may well be open to this user: asked again later.
const passing: ReadonlySet<string> = new Set([
  "timeout",
  "internal",
  "backend_unavailable",
  "rate_limited",
  "server_closing",
  "closed",
]);

interface Room {
  readonly name: string;
  readonly id: string;
  readonly kind: RoomEntry;
  readonly stream: RoomCursor;
  /** The answer to `join`, anew for each connection. */
  joined: Deferred<unknown>;
  /** The number of the entry that is under way; 0 for none. */
  entry: number;
  /** Entries in a row that came to nothing. */
  failures: number;
  ever: boolean;
  timer: ReturnType<typeof setTimeout> | undefined;
}

export interface RoomsOptions {
  readonly contract: Contract;
  readonly streams: RoomStreams;
  readonly tell: Tell;
  /** Checks the data of an acknowledgement; throws what is wrong with it. */
  readonly checkData: (command: string, data: unknown) => unknown;
  /** Adds to a payload what a plain server asks for. */
  readonly withIdentity: (command: CommandEntry | undefined, payload: object) => object;
  readonly createId: () => string;
  /** Called whenever no entry is under way any more. */
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
  /** Forgets every room, as at the end of a session. */
  clear(): void;
}

/** Makes an empty set of rooms. */
export function createRooms(options: RoomsOptions): Rooms {
  const { contract, streams, tell, checkData, withIdentity, createId, settled, renew } = options;
  const rooms = new Map<string, Room>();
  /** Rooms entered on authentication. */
  const given = new Map<string, RoomCursor>();
  let channel: Channel | undefined;
  let entries = 0;
  let busy = 0;

  function enter(room: Room): void {
    const on = channel;
    if (!on) return;
    clearTimeout(room.timer);
    if (!room.entry) busy++;
    const entry = ++entries;
    room.entry = entry;
    const plain = !on.announced;
    const done = (outcome: Outcome) => {
      if (room.entry !== entry || on !== channel) return;
      room.entry = 0;
      busy--;
      if (plain) enteredPlain(room, "lost" in outcome);
      else entered(room, readAnswer(outcome), on);
      if (busy === 0) settled();
    };
    if (plain) {
      // Its cursor stays for now: the server may announce itself yet.
      const { kind, id } = room;
      const payload = withIdentity(contract.commands.get(kind.join as string), { [kind.parameter]: id });
      on.request(kind.join as string, [payload], entryTimeoutMs, done);
    } else {
      room.stream.enter();
      const { cursor } = room.stream;
      on.request("$enter", [{ room: room.name, ...(cursor && { cursor }) }], entryTimeoutMs, done);
    }
  }

  function entered(room: Room, answer: Answer, on: Channel): void {
    if (answer.ok && isEntryAnswer(answer.body)) {
      room.failures = 0;
      room.ever = true;
      try {
        room.joined.resolve(checkData(room.kind.join as string, answer.body.data));
      } catch (error) {
        room.joined.reject(error);
      }
      streams.entered(room.stream, answer.body, on);
    } else if (answer.ok || answer.lost || passing.has(answer.code)) {
      // The room stays held until an entry succeeds: nothing may slip past its cursor.
      const hint = !answer.ok && answer.retryAfterMs ? { retry_after_ms: answer.retryAfterMs } : undefined;
      room.timer = setTimeout(enter, backoffMs(room.failures++, Math.random(), hint), room);
    } else {
      close(room, answer.code);
    }
  }

  function enteredPlain(room: Room, silent: boolean): void {
    if (room.ever) tell("ws:resync", { room: room.name, reason: "plain" });
    room.ever = true;
    // A handler that raised never acknowledges; whether the room was entered cannot be told.
    if (silent) room.joined.reject(new CommandError("timeout", { command: room.kind.join as string }));
    else room.joined.resolve(undefined);
  }

  function remove(room: Room, code: string): void {
    rooms.delete(room.name);
    streams.close(room.stream);
    clearTimeout(room.timer);
    room.joined.reject(new CommandError(code, { command: room.kind.join as string }));
    if (room.entry) {
      room.entry = 0;
      if (--busy === 0) settled();
    }
  }

  function close(room: Room, code: string): void {
    remove(room, code);
    tell("ws:room-closed", { room: room.name, code });
  }

  function dropGiven(isKept: (name: string) => boolean): void {
    for (const [name, stream] of given) {
      if (isKept(name)) continue;
      given.delete(name);
      streams.close(stream);
    }
  }

  return {
    get busy() {
      return busy > 0;
    },
    join(name) {
      const existing = rooms.get(name);
      if (existing) return existing.joined.promise;
      const parsed = contract.parseRoom(String(name));
      const kind = parsed && contract.roomKinds.get(parsed.kind);
      if (!parsed || kind?.join === undefined) return Promise.reject(new CommandError("room_invalid"));
      const room: Room = {
        name,
        id: parsed.id,
        kind,
        stream: streams.open(name),
        joined: createDeferred(true),
        entry: 0,
        failures: 0,
        ever: false,
        timer: undefined,
      };
      rooms.set(name, room);
      enter(room);
      return room.joined.promise;
    },
    leave(name) {
      const room = rooms.get(name);
      if (!room) return Promise.resolve();
      remove(room, "closed");
      const { leave, parameter } = room.kind;
      const on = channel;
      if (!on || leave === undefined) return Promise.resolve();
      const payload = { [parameter]: room.id };
      const args = on.announced ? [payload, { id: createId() }] : [withIdentity(contract.commands.get(leave), payload)];
      return new Promise((resolve) => on.request(leave, args, entryTimeoutMs, () => resolve()));
    },
    attach(on, entered, authenticated) {
      channel = on;
      // A plain server whose user is not known may still be the one of before.
      const own = authenticated ?? [...given.keys()];
      const names = new Set(on.announced ? entered.map(({ room }) => room) : own);
      dropGiven((name) => names.has(name));
      if (!on.announced) {
        for (const name of names) {
          if (given.has(name)) tell("ws:resync", { room: name, reason: "plain" });
          else given.set(name, streams.open(name));
        }
      }
      for (const answer of on.announced ? entered : []) {
        const stream = given.get(answer.room) ?? streams.open(answer.room);
        given.set(answer.room, stream);
        streams.entered(stream, answer, on);
      }
      for (const room of rooms.values()) enter(room);
    },
    detach() {
      streams.detach(channel?.announced === false);
      channel = undefined;
      busy = 0;
      for (const room of rooms.values()) {
        clearTimeout(room.timer);
        room.entry = 0;
        if (room.joined.settled) room.joined = createDeferred(true);
      }
    },
    closed(name, code) {
      const room = rooms.get(name);
      if (room) return close(room, code);
      const stream = given.get(name);
      if (!stream) return;
      given.delete(name);
      streams.close(stream);
      tell("ws:room-closed", { room: name, code });
    },
    authenticatedCursors: () => cursorsOf(given.values()),
    cursors: () => cursorsOf([...given.values(), ...[...rooms.values()].map(({ stream }) => stream)]),
    compared(heads) {
      if (!Array.isArray(heads)) return;
      for (const head of heads as unknown[]) {
        if (!isCursor(head)) continue;
        const name = String((head as { room?: unknown }).room);
        const room = rooms.get(name);
        const stream = room?.stream ?? given.get(name);
        if (!stream || streams.compared(stream, head)) continue;
        if (room) enter(room);
        else return renew();
      }
    },
    clear() {
      for (const room of [...rooms.values()]) remove(room, "closed");
      dropGiven(() => false);
    },
  };
}

function cursorsOf(streams: Iterable<RoomCursor>): { room: string; epoch: string; seq: number }[] {
  return [...streams].flatMap(({ room, cursor }) => (cursor ? [{ room, ...cursor }] : []));
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
