import { isSeq } from "./envelope.js";
import { isEpoch } from "./epoch.js";

/** Where a reader stands in a room: all of `epoch` up to and including `seq` was handled; 0 when nothing was yet. */
export interface Cursor {
  /** Which log of the room; a lost one begins a new epoch. */
  readonly epoch: string;
  /** The number of the last event that was handled. */
  readonly seq: number;
}

/** What a log says of a room: its last number, and the lowest `after` from which it can still replay without a hole. */
export interface LogHead extends Cursor {
  /** The number before the oldest event kept; equal to `seq` when none is kept. */
  readonly floor: number;
}

/**
 * Why a room was not recovered: `epoch_changed` the log was forgotten or lost, `too_old` what comes next was trimmed,
 * `cursor_invalid` it is malformed or lies in the future, `replay_failed` the replay ended midway, `gap_lost` a missing
 * event could not be filled, `held_too_much` too many live events came during the replay, `replay_denied` what was missed is not
 * for this reader.
 */
export type RecoveryReason =
  | "epoch_changed"
  | "too_old"
  | "cursor_invalid"
  | "replay_failed"
  | "gap_lost"
  | "held_too_much"
  | "replay_denied";

/** The verdict on a cursor. Numbers `after` + 1 to `seq` of `epoch` are to be replayed, none when both are equal. */
export interface Recovery {
  /** Whether nothing is missing after the replay. */
  readonly recovered: boolean;
  /** There whenever a cursor was given and is not recovered. */
  readonly reason: RecoveryReason | undefined;
  /** The log's epoch. */
  readonly epoch: string;
  /** The log's last number. */
  readonly seq: number;
  /** The number after which the replay begins. */
  readonly after: number;
}

/** Judges a stranger's cursor by its form alone. */
export function isCursor(value: unknown): value is Cursor {
  const { epoch, seq } = (value ?? {}) as { [key: string]: unknown };
  return isEpoch(epoch) && (seq === 0 || isSeq(seq));
}

/**
 * Decides what a reader with `cursor` (a stranger's value; `undefined` for none) is to be replayed from a log at `head`.
 *
 * A cursor equal to the head is recovered, however old. Never partial: a cursor that cannot be brought to the head
 * without a hole is not recovered at all, and its reader starts at the head. Without a cursor it starts as far back as
 * `history` events, if that many are kept.
 */
export function judgeCursor(head: LogHead, cursor: unknown, history = 0): Recovery {
  const { epoch, seq, floor } = head;
  if (cursor === undefined) {
    const after = Math.max(floor, seq - history);
    return { recovered: false, reason: undefined, epoch, seq, after };
  }
  let reason: RecoveryReason | undefined;
  let after = seq;
  if (!isCursor(cursor)) reason = "cursor_invalid";
  else if (cursor.epoch !== epoch) reason = "epoch_changed";
  else if (cursor.seq > seq) reason = "cursor_invalid";
  else if (cursor.seq < floor) reason = "too_old";
  else after = cursor.seq;
  return { recovered: reason === undefined, reason, epoch, seq, after };
}

/** The verdict on a reader who may not be given what was missed, where anything was. */
export function denied(recovery: Recovery): Recovery {
  const { epoch, seq, after } = recovery;
  if (after === seq) return recovery;
  return { recovered: false, reason: "replay_denied", epoch, seq, after: seq };
}
