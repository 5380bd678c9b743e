import type { EventMeta } from "../../client/listeners.js";
import type { AppEvents, ChatMessagePayload, ChoicesUpdateChoice, MessageAddedMessage } from "../types.gen.js";

/** What `applyGameEvent` knows of a game's state; the rest is the application's. */
export interface GameRecord {
  /** The game's record, told apart by `id`. */
  readonly messages?: readonly MessageAddedMessage[];
  /** What the player may do next. */
  readonly choices?: readonly ChoicesUpdateChoice[];
  /** What players said. */
  readonly chat?: readonly ChatMessagePayload[];
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

/** So many messages of a kind are kept. */
const maxMessages = 1_000;

/**
 * A game's state after an event: messages and chat added where they are not there already, choices replaced, and
 * `state_update` merged one level deep. Other events change nothing.
 */
export function applyGameEvent<TState extends object>(
  state: TState & GameRecord,
  { name, payload }: GameEvent,
): TState {
  switch (name) {
    case "game:message_added": {
      const { message, choices } = payload;
      return { ...state, messages: added(state.messages, message, ({ id }) => id), ...(choices && { choices }) };
    }
    case "game:choices_update":
      return { ...state, choices: payload.choices };
    case "game:state_update":
      return { ...state, ...payload.update };
    case "chat:message":
      // Chat has no ids: the same words of the same user at the same microsecond are the same words.
      return { ...state, chat: added(state.chat, payload, (chat) => chat.timestamp + chat.user_id + chat.message) };
    default:
      return state;
  }
}

function added<TItem>(items: readonly TItem[] = [], item: TItem, idOf: (item: TItem) => string): readonly TItem[] {
  return items.some((other) => idOf(other) === idOf(item)) ? items : [...items, item].slice(-maxMessages);
}
