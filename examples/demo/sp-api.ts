import type { IncomingMessage, ServerResponse } from "node:http";
import { InsufficientSPError, type SPService } from "./sp-service.js";

/** The HTTP half of the demo's game: what a scenario asks for, so that the server has SP events to tell. */
export function answerSpApi(
  sp: SPService,
  userOf: (token: string) => string | undefined,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const routes: Record<string, (userId: string) => Promise<void>> = {
    "POST /sp/purchase": (userId) => sp.add(userId, 50, "purchase", "初回購入"),
    "POST /sp/explore": (userId) => sp.consume(userId, 30, "exploration", "探索"),
    "POST /sp/recover": (userId) => sp.recoverDaily(userId),
  };
  return async ({ method, url, headers }, response) => {
    const userId = userOf(headers.authorization?.replace("Bearer ", "") ?? "");
    const route = routes[`${method} ${url}`];
    if (!route || userId === undefined) return void response.writeHead(route ? 401 : 404).end();
    try {
      await route(userId);
    } catch (error) {
      // The player is told of it by an event.
      if (!(error instanceof InsufficientSPError)) throw error;
    }
    response.writeHead(204).end();
  };
}
