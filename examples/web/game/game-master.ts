import { randomUUID } from "node:crypto";
import { CommandRefusal } from "@gestaloka/events";
import type { GameEventEmitter } from "@gestaloka/events/server";
import { actionCost, choiceOf, firstScene, freeAnswer, story, type Text } from "./story.js";
import type { StoryPoints } from "./story-points.js";
import type { StoryMessage, World } from "./world.js";

const stepMs = 180;

/** Narrates the one session that both players are in. */
export class GameMaster {
  constructor(
    private readonly world: World,
    private readonly points: StoryPoints,
    private readonly emitter: GameEventEmitter,
  ) {
    if (world.messages.length === 0) this.begin();
  }

  get choices(): { id: string; text: string }[] {
    return (story[this.world.scene]?.choices ?? []).map(({ id, text }) => ({ id, text: text.ja }));
  }

  /**
   * Lets a player act: everything that follows from it is one commit, with the command's id in it, so that a command that
   * is sent again to the next process is not carried out again.
   */
  async act(game: string, userId: string, action: string, commandId: string | undefined): Promise<void> {
    const { world, points, emitter } = this;
    if (world.wasApplied(commandId)) return;
    if (world.balanceOf(userId) < actionCost) {
      await points.tellInsufficient(userId, actionCost, action);
      throw new CommandRefusal("sp_insufficient");
    }
    await this.think(game, action);
    const choice = choiceOf(world.scene, action);
    const scene = choice?.to ?? world.scene;
    const booking = points.prepare(userId, -actionCost, "free_action", choice?.text.ja ?? action);
    if (!booking) throw new CommandRefusal("sp_insufficient");
    const told = this.message("player_action", "player", choice?.text ?? { ja: action, en: action }, {
      user_id: userId,
    });
    const answer = this.message("gm_narrative", "gm", choice ? (story[scene]?.text ?? freeAnswer) : freeAnswer, {});
    world.commit(
      { kind: "booking", booking },
      { kind: "message", message: told },
      { kind: "message", message: answer },
      { kind: "scene", scene },
      ...(commandId === undefined ? [] : [{ kind: "applied", commandId } as const]),
    );
    await points.tell(booking);
    await emitter.emitMessageAdded(game, { message: told });
    await emitter.emitMessageAdded(game, { message: answer });
    await emitter.emitChoicesUpdate(game, { choices: this.choices });
    await emitter.emitStateUpdate(game, { update: { currentScene: scene } });
    await emitter.emitProcessingCompleted(game, { status: "completed" });
  }

  /** Takes its time, and tells how far it is: of these events only the latest matters. */
  private async think(game: string, action: string): Promise<void> {
    const { emitter } = this;
    await emitter.emitProcessingStarted(game, { action, status: "AI処理を開始しています..." });
    for (const percentage of [20, 55, 90]) {
      await emitter.emitGameProgress(game, {
        percentage,
        message: "物語を生成しています...",
        details: {},
        elapsed_time: (percentage / 100) * ((stepMs * 3) / 1000),
      });
      await new Promise((resolve) => setTimeout(resolve, stepMs));
    }
  }

  private message(
    type: StoryMessage["message_type"],
    sender: StoryMessage["sender_type"],
    { ja, en }: Text,
    metadata: object,
  ): StoryMessage {
    return {
      id: randomUUID(),
      content: ja,
      message_type: type,
      sender_type: sender,
      turn_number: this.world.messages.length,
      created_at: new Date().toISOString(),
      metadata: { ...metadata, en },
    };
  }

  private begin(): void {
    const text = story[firstScene]?.text ?? freeAnswer;
    this.world.commit(
      { kind: "message", message: this.message("gm_narrative", "gm", text, {}) },
      { kind: "scene", scene: firstScene },
    );
  }
}
