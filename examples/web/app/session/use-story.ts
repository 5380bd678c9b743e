import { type SentCommand, useEvent, useGameSession } from "@gestaloka/events/react";
import { useState } from "react";
import { toast } from "sonner";
import { useLanguage } from "../language/language.js";
import { applyGameEvent } from "./apply-game-event.js";
import type { GameState } from "./game-api.js";
import { gameSessionId } from "./session.js";
import { useSession } from "./use-session.js";

/** The game, with what this player may do in it. */
export interface Story extends Pick<GameState, "messages" | "choices" | "chat" | "members"> {
  readonly loading: boolean;
  readonly scene: string;
  /** How far the game master is, in percent; `undefined` while nobody waits for it. */
  readonly progress: number | undefined;
  readonly pendingActions: readonly SentCommand<"game_action">[];
  readonly pendingSayings: readonly SentCommand<"chat_message">[];
  act(action: string): void;
  say(message: string): void;
}

const nothing: GameState = { messages: [], choices: [], chat: [], members: [], currentScene: "" };

export function useStory(): Story {
  const { api } = useSession();
  const { say } = useLanguage();
  const session = useGameSession(gameSessionId, { queryFn: api.game, apply: applyGameEvent });
  const [progress, setProgress] = useState<number>();
  useEvent("game:processing_started", () => setProgress(0));
  useEvent("game:progress", ({ percentage }) => setProgress(percentage));
  useEvent("game:processing_completed", () => setProgress(undefined));
  useEvent("ws:disconnected", () => setProgress(undefined));

  const { state = nothing, sent } = session;
  const told = ({ state: outcome, code }: SentCommand) => {
    if (outcome === "expired") toast.error(say("expired"));
    // Too few SP is told by an event of its own.
    else if (outcome === "refused" && code !== "sp_insufficient" && code !== "closed")
      toast.error(say("refusedAction"));
  };
  return {
    messages: state.messages,
    choices: state.choices,
    chat: state.chat,
    members: state.members,
    progress,
    loading: session.state === undefined,
    scene: state.currentScene,
    pendingActions: sent.filter(isPending("game_action")),
    pendingSayings: sent.filter(isPending("chat_message")),
    act: (action) => void session.send("game_action", { action }).then(told),
    say: (message) => void session.send("chat_message", { message }).then(told),
  };
}

function isPending<TName extends SentCommand["name"]>(name: TName) {
  return (command: SentCommand): command is SentCommand<TName> => command.name === name && command.state === "pending";
}
