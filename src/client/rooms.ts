import type { Contract } from "../contract/contract.js";
import { CommandError } from "../contract/errors.js";
import { backoffMs, hintedMs } from "../delivery/backoff.js";
import type { HelloRoom } from "../delivery/hello.js";
import { readPage } from "../delivery/page.js";
import type { ReceivedEvent } from "../delivery/received-event.js";
import { isCursor } from "../delivery/recovery.js";
import { createRoomCursor, type EntryAnswer, type RoomCursor } from "../delivery/room-cursor.js";
import { type Alarm, createAlarm } from "./alarm.js";
import type { Answer } from "./answer.js";
import type { Channel } from "./channel.js";
import { createDeferred, type Deferred } from "./deferred.js";
import { isEntryAnswer } from "./entry-answer.js";
import type { HandOn, ReceiveCounts } from "./handing-on.js";
import { compareHeads, type HeadComparison, type HeadsOptions, type RoomPlace } from "./heads.js";
import type { Tell } from "./local-events.js";
import { transientCodes } from "./transient-codes.js";

/** One room from the wish to be in it until it is left: it is entered, its events put in order, and what is missing asked for. */
interface Room {
  readonly name: string;
  /** The commands that enter and leave it, with their payload; `undefined` for a room entered on authentication. */
  readonly by: { readonly join: string; readonly leave: string | undefined; readonly payload: object } | undefined;
  readonly stream: RoomCursor;
  /** When to ask the server again: for the entry, or once in, for what is missing. */
  readonly alarm: Alarm;
  /** The answer to `join`, anew for each connection. */
  joined: Deferred<unknown>;
  /** The entry that is under way, and whether it is one to a plain server. */
  entry: { readonly plain: boolean } | undefined;
  /** Entries in a row that came to nothing. */
  failures: number;
  ever: boolean;
}

export interface RoomsOptions extends HeadsOptions {
  readonly contract: Contract;
  readonly counts: ReceiveCounts;
  readonly handOn: HandOn;
  readonly tell: Tell;
  /** Checks the data of an acknowledgement; rejects with what is wrong with it. */
  readonly checkData: (command: string, data: unknown) => Promise<unknown>;
  /** Called whenever an entry is over. */
  readonly settled: () => void;
  /** The log of a room that only a new connection enters is another one now. */
  readonly renew: () => void;
}

/**
 * The rooms that the application wants to be in, entered again on every connection until it leaves them. Their events come
 * in order: duplicates dropped, gaps filled, or `ws:resync` told.
 */
export interface Rooms {
  join(name: string): Promise<unknown>;
  leave(name: string): Promise<void>;
  /** Whether entries are under way. */
  readonly busy: boolean;
  /** A connection is there; where the server `recovers`, the ends of its rooms' logs are compared now and then. */
  attach(
    channel: Channel,
    entered: readonly HelloRoom[] | undefined,
    authenticated: readonly string[] | undefined,
    recovers?: boolean,
  ): void;
  /** The connection is gone: whatever was asked for will not come. What a plain one brought is in no log. */
  detach(): void;
  receive(event: ReceivedEvent): void;
  /** The server put this user out, or never let it in. */
  closed(name: string, code: string): void;
  /** Where it stands in the rooms that are entered, or in those of them alone that are entered on authentication. */
  cursors(onAuthentication?: boolean): readonly RoomPlace[];
  /** Answers every `join` that has no answer; `forget` leaves no room, as at the end of a session. */
  close(forget: boolean): void;
}

/** What a server says of a replay that it cannot go on with. */
const knownLosses = ["log_unknown", "held_too_much"];

/** Makes an empty set of rooms. */
export function createRooms(options: RoomsOptions): Rooms {
  const { contract, clock, counts, handOn, tell, checkData, settled, renew } = options;
  const rooms = new Map<string, Room>();
  const byEpoch = new Map<string, Room>();
  let channel: Channel | undefined;
  let heads: HeadComparison | undefined;

  function open(name: string, by?: Room["by"]): Room {
    const alarm = createAlarm(clock, () => ask(room));
    const stream = createRoomCursor(alarm, {
      handOn: ({ name: event, payload, seq, at, replayed }) =>
        handOn(event, payload, { room: name, seq: seq || undefined, at, replayed }),
      resync: (reason) => tell("ws:resync", { room: name, reason }),
    });
    const joined = createDeferred<unknown>(true);
    const room: Room = { name, by, stream, alarm, joined, entry: undefined, failures: 0, ever: false };
    rooms.set(name, room);
    return room;
  }

  function enter(room: Room): void {
    const { name, stream, by } = room;
    const on = channel;
    if (!on || !by) return;
    const entry = { plain: !on.announced };
    room.entry = entry;
    stream.enter();
    const done = (answer: Answer) => {
      if (room.entry !== entry) return;
      room.entry = undefined;
      if (entry.plain) enteredPlain(room, answer.lost);
      else answered(room, by.join, answer);
      settled();
    };
    // From a plain server its cursor stays for now: the server may announce itself yet.
    if (entry.plain) on.command(by.join, by.payload, done);
    else {
      const { cursor } = stream;
      on.request("$enter", [{ room: name, ...(cursor && { cursor }) }], done);
    }
  }

  function answered(room: Room, join: string, answer: Answer): void {
    if (answer.ok && isEntryAnswer(answer.body)) {
      // One who was answered before, on this connection, would not hear what is wrong with it.
      if (!room.joined.resolved) room.joined.resolve(checkData(join, answer.body.data));
      entered(room, answer.body);
    } else if (answer.ok || answer.lost || transientCodes.includes(answer.code)) {
      // The room stays held until an entry succeeds: nothing may slip past its cursor.
      // Rooms that were told the same would come again together, and all but one be told it again.
      room.alarm.within(hintedMs(answer.retryAfterMs) + backoffMs(room.failures++, Math.random()));
    } else remove(room, answer.code, true);
  }

  function entered(room: Room, answer: EntryAnswer): void {
    const { stream } = room;
    room.failures = 0;
    room.ever = true;
    byEpoch.delete(stream.epoch);
    byEpoch.set(answer.epoch, room);
    stream.entered(answer);
  }

  function enteredPlain(room: Room, silent: boolean): void {
    room.failures = 0;
    // A handler that raised never acknowledges; whether the room was entered cannot be told.
    if (silent) refuse(room, "timeout");
    else room.joined.resolve(undefined);
    if (room.ever) tell("ws:resync", { room: room.name, reason: "plain" });
    room.ever = true;
  }

  /** Asks for what is missing of a room, or to be let in again. */
  function ask(room: Room): void {
    const { stream } = room;
    const request = stream.wanted();
    if (!request) enter(room);
    else
      channel?.request("$page", [request], ({ body, code }) => {
        const events = readPage(body, request.epoch, request.after) ?? [];
        stream.filled(request, events, knownLosses.includes(code) ? code : undefined);
      });
  }

  function refuse(room: Room, code: string): void {
    const { joined, by, name } = room;
    room.joined = createDeferred(true);
    joined.reject(new CommandError(code, { command: by?.join ?? name }));
  }

  function remove(room: Room, code: string, isTold?: boolean): void {
    const { name, entry, stream } = room;
    rooms.delete(name);
    byEpoch.delete(stream.epoch);
    counts.dropped += stream.enter();
    room.entry = undefined;
    refuse(room, code);
    // Before what waited for it goes out, since whoever is told of that may join it again.
    if (isTold) tell("ws:room-closed", { room: name, code });
    if (entry) settled();
  }

  function cursors(onAuthentication?: boolean): readonly RoomPlace[] {
    return [...rooms.values()].flatMap(({ name, by, stream: { cursor } }) =>
      cursor && !(onAuthentication && by) ? [{ room: name, ...cursor }] : [],
    );
  }

  /** Takes what a server says of where the logs end. */
  function compared(answer: unknown): void {
    if (!Array.isArray(answer)) return;
    for (const head of answer as unknown[]) {
      if (!isCursor(head)) continue;
      const room = rooms.get((head as RoomPlace).room);
      if (!room || room.stream.compared(head)) continue;
      if (room.by) enter(room);
      else renew();
    }
  }

  return {
    get busy() {
      return [...rooms.values()].some(({ entry }) => entry);
    },
    join(name) {
      const parsed = contract.parseRoom(String(name));
      const { join, leave, parameter = "" } = (parsed && contract.roomKinds.get(parsed.kind)) ?? {};
      if (!parsed || !join) return Promise.reject(new CommandError("room_invalid"));
      const room = rooms.get(name) ?? open(name, { join, leave, payload: { [parameter]: parsed.id } });
      // A new one, or one whose entry a plain server did not answer; what failed otherwise has its alarm.
      if (!room.entry && !room.joined.resolved && !room.failures) enter(room);
      return room.joined.promise;
    },
    async leave(name) {
      const room = rooms.get(name);
      if (!room?.by) return;
      remove(room, "closed");
      const { leave, payload } = room.by;
      const on = channel;
      // A handler that was told of a command which waited may have joined it again: the last wish counts.
      if (!on || !leave || rooms.has(name)) return;
      await new Promise((resolve) => on.command(leave, payload, resolve));
    },
    attach(on, answers, authenticated, recovers) {
      channel = on;
      const given = [...rooms.values()].filter(({ by }) => !by);
      // A plain server whose user is not known may still be the one of before.
      const names = answers?.map(({ room }) => room) ?? authenticated ?? given.map(({ name }) => name);
      for (const room of given) if (!names.includes(room.name)) remove(room, "closed");
      // Before anybody is told, who may join others; what was joined as a plain server announced itself is being entered.
      for (const room of rooms.values()) if (room.entry?.plain !== false) enter(room);
      names.forEach((name, index) => {
        // Views that were told of the room before may have closed the client.
        if (channel !== on) return;
        const room = rooms.get(name) ?? open(name);
        const answer = answers?.[index];
        if (answer) entered(room, answer);
        else enteredPlain(room, false);
      });
      if (recovers && channel === on) heads = compareHeads(on, cursors, compared, options);
    },
    detach() {
      const wasPlain = channel?.announced === false;
      channel = undefined;
      heads?.stop();
      heads = undefined;
      for (const room of rooms.values()) {
        room.stream.enter(wasPlain);
        room.entry = undefined;
        if (room.joined.resolved) room.joined = createDeferred(true);
      }
    },
    receive(event) {
      const known = byEpoch.get(event.epoch);
      let taken = known?.stream.receive(event);
      if (!known) {
        // The answer that tells whose epoch it is may be on its way: every room that is being entered holds it.
        for (const { stream } of rooms.values()) taken = stream.receive(event) || taken;
        // One of them may have begun a new one.
        if (!taken) heads?.soon();
      }
      if (!taken) counts.dropped++;
    },
    closed(name, code) {
      const room = rooms.get(name);
      if (room) remove(room, code, true);
    },
    cursors,
    close(forget) {
      for (const room of rooms.values()) {
        if (forget) remove(room, "closed");
        else refuse(room, "closed");
      }
    },
  };
}
