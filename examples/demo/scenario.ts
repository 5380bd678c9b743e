import { contract, rooms } from "@gestaloka/events";
import { createEventClient, type EventClient } from "@gestaloka/events/client";
import type { DemoServer } from "./game-server.js";

/** One event as a player's client handed it on. */
export interface Received {
  readonly player: string;
  readonly event: string;
  readonly payload: Record<string, unknown>;
  /** Emit to handler, in ms. */
  readonly latencyMs: number | undefined;
}

const GAME = "demo-session";

/** What each player must have received by the end, in the order of each player's own room or of the game's. */
export const expected: Record<string, readonly string[]> = {
  "alice own": ["sp:update", "sp:update", "sp:insufficient", "sp:daily_recovery", "sp:update", "notification:received"],
  "alice game": [
    "game:started",
    "game:narrative_update",
    "game:processing_started",
    "game:action_result",
    "game:state_update",
    "game:narrative_update",
    "game:processing_completed",
    "chat:message",
    "game:npc_action_result",
    "game:ended",
  ],
  "bob own": [],
  "bob game": [
    "game:started",
    "game:narrative_update",
    "game:processing_started",
    "game:action_result",
    "game:state_update",
    "game:narrative_update",
    "game:processing_completed",
    "chat:message",
    "game:npc_action_result",
    "game:ended",
  ],
  "alice direct": ["server:connected", "game:joined", "game:player_joined", "game:action_received"],
  "bob direct": ["server:connected", "game:joined"],
};

/** Plays SP +50, −30, insufficient and daily recovery, then a game from join to end with two players. */
export async function play(server: DemoServer, onEvent: (received: Received) => void): Promise<Received[]> {
  const log: Received[] = [];
  const connect = (player: string) => {
    const client = createEventClient(server.url, {
      contract,
      auth: () => ({ token: server.login(player) }),
      autoConnect: false,
    });
    for (const name of contract.appEvents.keys()) {
      client.on(name as "sp:update", (payload, meta) => {
        const received = {
          player,
          event: name,
          payload: payload as never,
          latencyMs: meta.at === undefined ? undefined : Math.max(0, Date.now() - meta.at),
        };
        log.push(received);
        onEvent(received);
      });
    }
    client.connect();
    return client;
  };
  const alice = connect("alice");
  const bob = connect("bob");
  try {
    await Promise.all([connected(alice), connected(bob)]);
    await server.sp.add("alice", 50, "purchase", "初回購入");
    await server.sp.consume("alice", 30, "exploration", "探索");
    await server.sp.consume("alice", 100, "log_dispatch", "ログ派遣").catch(() => undefined);
    await server.sp.recoverDaily("alice");

    await alice.join(rooms.game(GAME));
    await bob.join(rooms.game(GAME));
    await server.game.emitGameStarted(GAME, { game_session_id: GAME, initial_state: { currentScene: "始まりの広場" } });
    await server.game.emitNarrativeUpdate(GAME, { narrative_type: "introduction", narrative: "霧の中から声がする。" });
    await alice.send("game_action", { game_session_id: GAME, action: "扉を開ける" });
    await bob.send("chat_message", { game_session_id: GAME, message: "こんにちは" });
    await bob.send("npc_action", { game_session_id: GAME, npc_id: "merchant", action: "話す" });
    await server.notifications.emitNotification("alice", {
      type: "achievement",
      achievement: { name: "最初の一歩", description: "はじめて扉を開けた" },
    });
    await server.game.emitGameEnded(GAME, { reason: "completed" });
    await settled(() => missing(log).length === 0, 5_000);
    return log;
  } finally {
    alice.close();
    bob.close();
  }
}

/** What was expected and did not arrive, or arrived out of order or twice. */
export function missing(log: readonly Received[]): string[] {
  return Object.entries(expected).flatMap(([stream, events]) => {
    const [player, kind] = stream.split(" ");
    const got = log
      .filter((received) => received.player === player && audience(received.event) === kind)
      .map(({ event }) => event);
    return got.join() === events.join()
      ? []
      : [`${stream}: expected ${events.join(", ") || "nothing"}; received ${got.join(", ") || "nothing"}`];
  });
}

function audience(appName: string): string {
  const event = contract.appEvents.get(appName);
  if (event?.audience === "user") return "own";
  return event?.recover ? "game" : "direct";
}

function connected(client: Pick<EventClient, "connection">): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const { status, reason } = client.connection.getSnapshot();
      if (status === "connected") done(resolve);
      if (status === "refused") done(() => reject(new Error(`refused: ${reason}`)));
    };
    const unsubscribe = client.connection.subscribe(look);
    const done = (finish: () => void) => {
      unsubscribe();
      finish();
    };
    look();
  });
}

async function settled(done: () => boolean, withinMs: number): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!done() && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10));
}
