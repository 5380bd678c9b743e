import type { InputOf } from "@gestaloka/events";
import type { SPEventEmitter } from "@gestaloka/events/server";
import express, { type Router } from "express";

/** Thrown when there are fewer points than asked for; the player was told by an event. */
export class NotEnoughPoints extends Error {}

/** Story points in memory: booked first, then told. An emit that fails is logged, and undoes nothing. */
export class Points {
  readonly #balances = new Map<string, number>();
  readonly #emitter: SPEventEmitter;

  constructor(emitter: SPEventEmitter) {
    this.#emitter = emitter;
  }

  balanceOf(userId: string): number {
    return this.#balances.get(userId) ?? 0;
  }

  /** @throws {NotEnoughPoints} when the balance would be below 0. */
  async book(
    userId: string,
    change: number,
    transaction_type: InputOf<"sp_update">["transaction_type"],
    description: string,
  ): Promise<void> {
    const before = this.balanceOf(userId);
    if (before + change < 0) {
      await this.#emitter.emitSpInsufficient(userId, {
        required_amount: -change,
        current_sp: before,
        action: description,
      });
      throw new NotEnoughPoints(description);
    }
    this.#balances.set(userId, before + change);
    await this.#emitter.emitSpUpdate(userId, {
      current_sp: before + change,
      amount_changed: change,
      transaction_type,
      description,
    });
  }

  /** `GET /` tells the balance, `POST /` buys 50 points. */
  routes(): Router {
    const routes = express.Router();
    routes.get("/", (_request, response) => {
      response.json({ current_sp: this.balanceOf(response.locals.userId) });
    });
    routes.post("/", async (_request, response) => {
      await this.book(response.locals.userId, 50, "purchase", "50 SP");
      response.status(201).json({ current_sp: this.balanceOf(response.locals.userId) });
    });
    return routes;
  }
}
