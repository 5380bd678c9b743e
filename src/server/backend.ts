import type { AnswerVerdict } from "../delivery/answers.js";
import type { Cursor, Recovery } from "../delivery/recovery.js";
import type { Emission, StoredEvent } from "../delivery/stored-event.js";

/** An answer that memory gives at once and a network later; the caller waits only for a promise. */
export type Awaitable<TValue> = TValue | Promise<TValue>;

/** What a backend tells each server that opened it. */
export interface BackendNode {
  /** An event of a room, in the order of its numbers, to every member but those of the user `except`. */
  deliver(room: string, event: StoredEvent, except: string | undefined): void;
  /** A user may not be in a room any more; when this returns, nothing appended from now on is written to them. */
  revoked(room: string, userId: string): void;
  /** All connections of a user are to be closed, with a code of the library. */
  disconnectUser(userId: string, code: string): void;
  /** The connections of this user and client other than `socketId` are what a new one replaces. */
  evict(userId: string, client: string, socketId: string): void;
  /** A user whose server is gone is not present in a room any more; false where this server knows no such room. */
  gone(room: string, userId: string): boolean;
  /** One of whom this was said is present after all: their server had only been silent. False as above. */
  came(room: string, userId: string): boolean;
  /** Where a room stands, though what led there cannot be had: its members have a gap that nothing fills. */
  stands(room: string, head: Cursor): void;
  /** Something failed that nobody waits for. */
  failed(error: unknown): void;
}

/**
 * Keeps what outlives a connection: the logs of rooms with their numbers, answers, membership generations, presence.
 *
 * The memory of one process is the default; a backend with several servers hands each room's entries to all of them. Every
 * call has to settle in time: who enters a room, emits or asks waits for as long.
 */
export interface Backend {
  /** How long it keeps a command's answer, ms: clients are told, and send none again that is older. */
  readonly answerMs: number;
  /** Joins a server to the backend; until `close`, it is told what happens in every room. Without one, only emits follow. */
  open(node?: BackendNode): Awaitable<void>;
  /** Takes a server off; nothing is told to it any more. */
  close(node?: BackendNode): Awaitable<void>;
  /**
   * Numbers an event, logs it, and delivers it to every server; `at` is Unix ms. Gives its number, `undefined` where only
   * the members of this server were given it, without one. A rejection counts as `backend_unavailable`, unless it is a
   * `ContractError`: `log_unknown` where it may have been appended.
   */
  append(room: string, emission: Emission, at: number, appendId: string | undefined): Awaitable<number | undefined>;
  /** Delivers an event that is not recovered. */
  publish(room: string, emission: Emission, at: number, except: string | undefined): Awaitable<undefined>;
  /** Where a room stands. */
  head(room: string): Awaitable<Cursor>;
  /** Asks to be told of a room from when this settles until `unwatch`: there are members here. */
  watch(room: string): Awaitable<void>;
  /** There are no members here any more. */
  unwatch(room: string): void;
  /**
   * How a user with a cursor (a stranger's value) enters a room, `history` being the events they may see without one.
   * Nothing that was appended between a revocation and the entry after it is ever replayed to them; `undefined`, and no
   * entry, where their right was taken back since they had this `generation`.
   */
  recover(
    room: string,
    userId: string,
    cursor: unknown,
    history: number,
    generation: number,
  ): Awaitable<Recovery | undefined>;
  /** Reads on from a number; `undefined` where there would be a hole. */
  read(
    room: string,
    epoch: string,
    after: number,
    limit: number,
    maxBytes: number,
  ): Awaitable<StoredEvent[] | undefined>;
  /** How often a user's right to a room was taken back lately: told before the right is asked for, and compared after. */
  generation(room: string, userId: string): Awaitable<number>;
  /** Takes a right back on every server. */
  revoke(room: string, userId: string): Awaitable<void>;
  /** Closes a user's connections on every server, with a code of the library. */
  disconnectUser(userId: string, code: string): Awaitable<void>;
  /** Ends a client's connections before this one, on every server. */
  evict(userId: string, client: string, socketId: string): Awaitable<void>;
  /** Counts a connection of a user into a room; true when the user was not present. */
  enter(room: string, userId: string, connection: string): Awaitable<boolean>;
  /** Counts it out; true when it was the user's last. */
  leave(room: string, userId: string, connection: string): Awaitable<boolean>;
  /** Counts out a connection that was lost; the user is present until `expire`. A token when it was the user's last. */
  lose(room: string, userId: string, connection: string): Awaitable<number | undefined>;
  /** Ends the presence of a user who has not come back since `lose` gave the token; true when so. */
  expire(room: string, userId: string, token: number): Awaitable<boolean>;
  /** The users present in a room, in the order in which they came. */
  members(room: string): Awaitable<string[]>;
  /** Asks what to do with a command that carries an id; after "run", `finish` follows. */
  begin(userId: string, id: string): Awaitable<AnswerVerdict>;
  /** Keeps an answer, as JSON, and tells it to the duplicates that wait; without one the command was not run, and may be. */
  finish(userId: string, id: string, answer: string | undefined): void;
  /** Whether the backend can be written to. */
  health(): Awaitable<boolean>;
}
