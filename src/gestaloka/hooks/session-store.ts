import type { SendOptions } from "../../client/commands.js";
import type { EventMeta } from "../../client/listeners.js";
import type { CommandError } from "../../contract/errors.js";
import type { AnyClient } from "../../react/any-client.js";
import { isOf } from "../../react/latest-event.js";
import { perClient } from "../../react/per-client.js";
import { roomOf } from "../../react/room-store.js";
import { all } from "../../react/shared.js";
import { createStore, type WritableStore } from "../../react/store.js";
import { parseRoom } from "../client.gen.js";
import type {
  ChatMessageCommand,
  GameActionCommand,
  JoinGameAck,
  NpcActionCommand,
  PlayerJoinedPayload,
} from "../types.gen.js";

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
  readonly id: string;
  readonly name: TName;
  readonly payload: GameCommandInput<TName>;
  /** `pending` while it waits for a connection or an answer; `expired` when none came in time. */
  readonly state: "pending" | "applied" | "refused" | "expired";
  /** Why it was refused or has expired: a stable code. */
  readonly code: string | undefined;
}

/** What a client knows of a game beside its state. The same object until something changes. */
export interface SessionSnapshot {
  /** The users in the game, this one included; empty with a plain server. */
  readonly members: readonly string[];
  /** The last 200 commands that were sent, the oldest first; no more than that ever wait for a line. */
  readonly sent: readonly SentCommand[];
  /** Sends a command in this game; resolves with what became of it and never rejects. */
  send<TName extends GameCommandName>(
    name: TName,
    payload: GameCommandInput<TName>,
    options?: SendOptions,
  ): Promise<SentCommand<TName>>;
  /** Takes a command off `sent`; what becomes of it is not changed. */
  dismiss(id: string): void;
}

// As many as a client lets wait for a line.
const maxSent = 200;

/** The session of a client's game, one for all who ask. */
export const sessionOf = /* @__PURE__ */ perClient((client: AnyClient, room: string) => {
  const roomStore = roomOf(client, room);
  let answer: unknown;
  let count = 0;

  function put(command: SentCommand): SentCommand<never> {
    const { sent } = store.getSnapshot();
    const isNew = command.state === "pending";
    const next = isNew ? [...sent, command] : sent.map((other) => (other.id === command.id ? command : other));
    store.update({ sent: next.slice(-maxSent) });
    return command as SentCommand<never>;
  }

  const send: SessionSnapshot["send"] = async (name, payload, options) => {
    const command = { id: `${++count}`, name, payload, state: "pending", code: undefined } as const;
    put(command);
    try {
      await client.send(name, { ...payload, game_session_id: parseRoom(room)?.id }, options);
      return put({ ...command, state: "applied" });
    } catch (error) {
      const { code } = error as CommandError;
      return put({ ...command, state: code === "expired" || code === "timeout" ? "expired" : "refused", code });
    }
  };

  const dismiss = (id: string) => store.update({ sent: store.getSnapshot().sent.filter((sent) => sent.id !== id) });

  const store: WritableStore<SessionSnapshot> = createStore<SessionSnapshot>(
    { members: [], sent: [], send, dismiss },
    () => {
      const entered = () => {
        const { data } = roomStore.getSnapshot();
        if (data !== answer) store.update({ members: (data as JoinGameAck | undefined)?.members ?? [] });
        answer = data;
      };
      const moved =
        (isIn: boolean) =>
        ({ user_id }: PlayerJoinedPayload, meta: EventMeta) => {
          if (!isOf(room, meta)) return;
          const others = store.getSnapshot().members.filter((member) => member !== user_id);
          store.update({ members: isIn ? [...others, user_id] : others });
        };
      entered();
      return all([
        roomStore.subscribe(entered),
        client.on("game:player_joined", moved(true)),
        client.on("game:player_left", moved(false)),
      ]);
    },
  );
  return store;
});
