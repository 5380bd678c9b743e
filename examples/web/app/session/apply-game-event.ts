import type { ChatMessagePayload } from "@gestaloka/events";
import type { GameEvent } from "@gestaloka/events/react";
import type { GameState } from "./game-api.js";

/** The game after an event; messages are in it already. */
export function applyGameEvent(state: GameState, { name, payload }: GameEvent): GameState {
  switch (name) {
    case "game:message_added":
      return payload.choices ? { ...state, choices: payload.choices } : state;
    case "game:choices_update":
      return { ...state, choices: payload.choices };
    case "game:state_update":
      return { ...state, ...payload.update };
    case "game:player_joined":
      return { ...state, members: [...new Set([...state.members, payload.user_id])] };
    case "game:player_left":
      return { ...state, members: state.members.filter((member) => member !== payload.user_id) };
    case "chat:message":
      // What was fetched may know it already.
      return state.chat.some((known) => idOf(known) === idOf(payload))
        ? state
        : { ...state, chat: [...state.chat, payload] };
    default:
      return state;
  }
}

// Chat has no ids.
const idOf = ({ timestamp, user_id, message }: ChatMessagePayload) => timestamp + user_id + message;
