import type { EventMeta } from "../../client/listeners.js";
import type { AppEvents, MessageAddedMessage } from "../types.gen.js";

/** What the hook knows of a game's state; the rest is the application's. */
export interface GameRecord {
  /** The game's record, told apart by `id`. */
  readonly messages?: readonly MessageAddedMessage[];
}

type GameEventName = Extract<keyof AppEvents, `game:${string}` | `chat:${string}`>;

/** An event of a game; `name` tells the payload's type. */
export type GameEvent = {
  readonly [TName in GameEventName]: {
    readonly name: TName;
    readonly payload: AppEvents[TName];
    readonly meta: EventMeta;
  };
}[GameEventName];

/** A game's state with the message of an event, once: what was fetched may know it already, and later ones. */
export function withMessage(state: GameRecord, { name, payload }: GameEvent): GameRecord {
  if (name !== "game:message_added") return state;
  const messages = [...(state.messages ?? []), payload.message].map((message) => [message.id, message] as const);
  // A known one in its old place.
  return { ...state, messages: [...new Map(messages).values()] };
}
