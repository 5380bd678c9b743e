import type { IncomingMessage, ServerResponse } from "node:http";
import type { NotificationEmitter } from "@gestaloka/events/server";
import type { StoryPoints } from "./story-points.js";
import type { World } from "./world.js";

export interface ApiOptions {
  readonly origins: readonly string[];
  readonly userOf: (token: string) => string | undefined;
  readonly world: World;
  readonly points: StoryPoints;
  readonly choices: () => { id: string; text: string }[];
  /** Who is in the game now. */
  readonly members: () => Promise<readonly string[]>;
  readonly notifications: NotificationEmitter;
}

/** What the consume button takes, in SP. */
const consumed = 30;

type Answer = Promise<object>;

/** The game's HTTP half: what a page reads when it opens, and what its buttons ask for. */
export function answerApi(options: ApiOptions): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const { origins, userOf, world, points, choices, members, notifications } = options;

  const routes: Record<string, (userId: string) => Answer> = {
    "GET /api/sp": async (userId) => ({
      current_sp: world.balanceOf(userId),
      consecutive_days: world.daysOf(userId),
      bookings: world.bookingsOf(userId).slice(-100),
    }),
    "GET /api/game": async () => ({
      messages: world.messages,
      choices: choices(),
      chat: world.chat,
      members: await members(),
      currentScene: world.scene,
    }),
    "GET /api/tally": async (userId) => ({
      messages: world.messages.length,
      chat: world.chat.length,
      bookings: world.bookingsOf(userId).length,
    }),
    "POST /api/sp/consume": async (userId) => ({ covered: await points.consume(userId, consumed) }),
    "POST /api/sp/recover": (userId) => done(points.recoverDaily(userId)),
    "POST /api/notify/system": (userId) =>
      done(
        notifications.emitNotification(userId, {
          type: "system_notification",
          notification_type: "info",
          title: "霧が濃くなっています",
          message: "今夜は鐘の音を頼りに進んでください。",
        }),
      ),
    "POST /api/notify/achievement": (userId) =>
      done(
        notifications.emitNotification(userId, {
          type: "achievement",
          achievement: { name: "最初の一歩", description: "はじめて霧の門をくぐった" },
        }),
      ),
    "POST /api/notify/friend": (userId) =>
      done(
        notifications.emitNotification(userId === "alice" ? "bob" : "alice", {
          type: "friend_request",
          from_user: { id: userId, name: userId },
        }),
      ),
  };

  async function done(work: Promise<unknown>): Answer {
    await work;
    return {};
  }

  return async (request, response) => {
    const { origin } = request.headers;
    if (origin !== undefined && origins.includes(origin)) {
      response.setHeader("access-control-allow-origin", origin);
      response.setHeader("access-control-allow-headers", "authorization");
      response.setHeader("access-control-max-age", "600");
      response.setHeader("vary", "origin");
    }
    if (request.method === "OPTIONS") return void response.writeHead(204).end();
    const route = routes[`${request.method} ${request.url}`];
    const userId = userOf(request.headers.authorization?.replace("Bearer ", "") ?? "");
    if (!route || userId === undefined) return void response.writeHead(route ? 401 : 404).end();
    const body = await route(userId);
    response.writeHead(200, { "content-type": "application/json", "cache-control": "no-store" });
    response.end(JSON.stringify(body));
  };
}
