import { defineContract } from "../contract/define-contract.js";
import { room } from "../contract/room.js";
import { battleEvents } from "./events/battle.js";
import { commands } from "./events/commands.js";
import { gameEvents } from "./events/game.js";
import { npcEvents } from "./events/npc.js";
import { spEvents } from "./events/sp.js";
import { systemEvents } from "./events/system.js";

/** Gestaloka's contract with its source: the zod schemas, examples and words of every event and command. */
export const contract = defineContract({
  name: "gestaloka",
  version: "1.0.0",
  events: [...gameEvents, ...npcEvents, ...battleEvents, ...spEvents, ...systemEvents],
  commands,
  rooms: {
    user: room("user_{user_id}", { enter: "authenticated" }),
    game: room("game_{game_session_id}", { join: "join_game", leave: "leave_game" }),
  },
  roles: {
    connected: "connected",
    error: "error",
    ping: "ping",
    pong: "pong",
    joined: "joined_game",
    left: "left_game",
    memberJoined: "player_joined",
    memberLeft: "player_left",
  },
});
export default contract;
