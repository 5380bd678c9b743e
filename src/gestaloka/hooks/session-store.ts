import { stateOfRefused } from "../../client/answer.js";
import type { SendOptions } from "../../client/commands.js";
import type { CommandError } from "../../contract/errors.js";
import type { AnyClient } from "../../react/any-client.js";
import { perClient } from "../../react/per-client.js";
import { createStore, type WritableStore } from "../../react/store.js";
import type { ChatMessageCommand, GameActionCommand, NpcActionCommand } from "../types.gen.js";
import { withoutId } from "./without-id.js";

interface GameCommands {
  readonly game_action: GameActionCommand;
  readonly chat_message: ChatMessageCommand;
  readonly npc_action: NpcActionCommand;
}

/** What a player may send in a game. */
export type GameCommandName = keyof GameCommands;

/** A command without what the session fills in. */
export type GameCommandInput<TName extends GameCommandName> = Omit<GameCommands[TName], "game_session_id" | "user_id">;

/** A command that was sent, and what became of it. */
export interface SentCommand<TName extends GameCommandName = GameCommandName> {
  /** Tells it from the others in `sent`; not the id on the wire. */
  readonly id: string;
  /** The command's name on the wire. */
  readonly name: TName;
  /** As it was given. */
  readonly payload: GameCommandInput<TName>;
  /** `pending` while it waits for a connection or an answer; `expired` when none came in time. */
  readonly state: "pending" | "applied" | "refused" | "expired";
  /** Why it was refused or has expired: a stable code. */
  readonly code: string | undefined;
}

/** What a player did in a game. The same object until something changes. */
export interface SessionSnapshot {
  /** The last 200 commands that there was news of, the latest news last; no more than that ever wait for a line. */
  readonly sent: readonly SentCommand[];
  /** Sends a command in this game; resolves with what became of it and never rejects. */
  send<TName extends keyof GameCommands & string>(
    name: TName,
    payload: GameCommandInput<TName>,
    options?: SendOptions,
  ): Promise<SentCommand<TName>>;
}

// As many as a client lets wait for a line.
const maxSent = 200;

/** What was sent in a client's game, one list for all who ask. */
export const sessionOf = /* @__PURE__ */ perClient((client: AnyClient, sessionId: string) => {
  let count = 0;

  const send: SessionSnapshot["send"] = (name, payload, options) => {
    const id = `${++count}`;
    const put = (state: SentCommand["state"], code?: string) => {
      const command = { id, name, payload, state, code };
      // Nobody's game is everybody's who has none yet.
      if (sessionId) store.update({ sent: [...withoutId(store.getSnapshot().sent, id), command].slice(-maxSent) });
      return command;
    };
    put("pending");
    return client.send(name, { ...payload, game_session_id: sessionId }, options).then(
      () => put("applied"),
      ({ code }: CommandError) => put(stateOfRefused(code), code),
    );
  };

  const store: WritableStore<SessionSnapshot> = createStore<SessionSnapshot>({ sent: [], send });
  return store;
});
