import type { CommandEntry, Contract } from "../contract/contract.js";
import type { AnswerError } from "./answer.js";
import { isWithinBounds, type PayloadBounds } from "./payload-bounds.js";
import type { NamedRoom, Rights } from "./rights.js";

/** A command that is well formed and is its sender's: what its handler gets, and the room that it names. */
export interface CheckedCommand {
  readonly known: Readonly<Record<string, unknown>>;
  readonly room: NamedRoom | undefined;
}

/** Judges what can be judged of a command without asking anybody: its form, its sender's identity, its room's name. */
export function checkReceived(
  contract: Contract,
  rights: Rights,
  userId: string,
  command: CommandEntry,
  payload: unknown,
  bounds: PayloadBounds,
): AnswerError | CheckedCommand {
  // Before anything walks it by its schema.
  if (!isWithinBounds(payload, bounds)) return { code: "payload_too_large" };
  if (!command.payload.accepts(payload, "reader")) {
    const path = command.payload.explain(payload, "reader")?.path;
    return path ? { code: "payload_invalid", path } : { code: "payload_invalid" };
  }
  const known = command.known(payload as object) as Record<string, unknown>;
  const { identity } = contract;
  if (command.identity && identity !== undefined && known[identity] !== undefined && known[identity] !== userId)
    return { code: "identity_mismatch", path: identity };
  if (command.room === undefined) return { known, room: undefined };
  const kind = contract.roomKinds.get(command.room);
  const room = kind && rights.named(kind.prefix + String(known[kind.parameter]));
  // A room that cannot exist is answered like one that is somebody else's.
  return room ? { known, room } : { code: "forbidden" };
}
