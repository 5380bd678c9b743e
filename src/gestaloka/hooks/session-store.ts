import type { AnyClient } from "../../react/any-client.js";
import { isOf } from "../../react/latest-event.js";
import { perClient } from "../../react/per-client.js";
import { roomStoreOf } from "../../react/room-store.js";
import { createStore } from "../../react/store.js";
import type { ChatMessageCommand, GameActionCommand, JoinGameAck, NpcActionCommand } from "../types.gen.js";
import type { GestalokaClient } from "./gestaloka-hooks.js";

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

export interface SessionSnapshot {
  /** The users in the game, this one included. */
  readonly members: readonly string[];
  /** The last 100 commands that were sent, the oldest first; pending ones are always among them. */
  readonly sent: readonly SentCommand[];
}

export const nobody: SessionSnapshot = { members: [], sent: [] };

const maxSent = 100;

/** What a client knows of a game beside its state, one for all that ask for it. */
export const sessionStoreOf = /* @__PURE__ */ perClient((client: GestalokaClient, room: string) => {
  const game_session_id = room.slice(room.indexOf("_") + 1);
  const roomStore = roomStoreOf(client as unknown as AnyClient, room);
  let answer: unknown;
  let count = 0;

  const store = createStore(nobody, () => {
    const change = (members: readonly string[]) => store.set({ ...store.getSnapshot(), members });
    const without = (user: string) => store.getSnapshot().members.filter((member) => member !== user);
    const entered = () => {
      const { data } = roomStore.getSnapshot();
      if (data !== answer) change((data as JoinGameAck | undefined)?.members ?? []);
      answer = data;
    };
    const offs = [
      roomStore.subscribe(entered),
      client.on(
        "game:player_joined",
        ({ user_id }, meta) => isOf(room, meta) && change([...without(user_id), user_id]),
      ),
      client.on("game:player_left", ({ user_id }, meta) => isOf(room, meta) && change(without(user_id))),
    ];
    entered();
    return () => {
      for (const off of offs) off();
    };
  });

  function put(command: SentCommand): SentCommand {
    const snapshot = store.getSnapshot();
    const known = snapshot.sent.some(({ id }) => id === command.id);
    let sent = known
      ? snapshot.sent.map((other) => (other.id === command.id ? command : other))
      : [...snapshot.sent, command];
    let spare = sent.length - maxSent;
    sent = sent.filter(({ state }) => state === "pending" || spare-- <= 0);
    store.set({ ...snapshot, sent });
    return command;
  }

  return {
    subscribe: store.subscribe,
    getSnapshot: store.getSnapshot,
    async send<TName extends GameCommandName>(
      name: TName,
      payload: GameCommandInput<TName>,
      options?: { readonly ttlMs?: number },
    ): Promise<SentCommand<TName>> {
      const command: SentCommand<TName> = { id: String(++count), name, payload, state: "pending", code: undefined };
      put(command);
      try {
        await client.send(name, { ...payload, game_session_id } as never, options);
        return put({ ...command, state: "applied" }) as SentCommand<TName>;
      } catch (error) {
        const { code } = error as { readonly code: string };
        const state = code === "expired" || code === "timeout" ? "expired" : "refused";
        return put({ ...command, state, code }) as SentCommand<TName>;
      }
    },
    /** Takes a command that has its answer off the list. */
    dismiss(id: string): void {
      const snapshot = store.getSnapshot();
      const sent = snapshot.sent.filter((command) => command.id !== id || command.state === "pending");
      store.set({ ...snapshot, sent });
    },
  };
});
