import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { signToken } from "../game/token.js";
import { downMs, startGameProcess } from "./game-process.js";
import { type Line, openLine } from "./line.js";
import { buildPage, type PageMode } from "./page.js";

export const players = ["alice", "bob"] as const;

export interface WebDemo {
  readonly url: string;
  close(): Promise<void>;
}

export interface WebDemoOptions {
  /** 0: any free one. */
  readonly port: number;
  readonly mode?: PageMode;
  /** Files to take in place of installed packages, by the names that are imported, the longest first. */
  readonly alias?: Readonly<Record<string, string>>;
}

/** The game listens on a port that changes; whoever scrapes it needs one that does not. */
async function metricsOf(gamePort: number | undefined, response: ServerResponse): Promise<void> {
  try {
    const scraped = await fetch(`http://127.0.0.1:${gamePort}/metrics`);
    response.setHeader("content-type", scraped.headers.get("content-type") ?? "text/plain").end(await scraped.text());
  } catch {
    response.writeHead(503).end();
  }
}

/**
 * Serves the page, logs players in, and holds the three things that its buttons harm: a line a player, and the game's
 * server, which runs in a process of its own.
 */
export async function serveWebDemo({ port, mode = "production", alias = {} }: WebDemoOptions): Promise<WebDemo> {
  const http = createServer();
  await new Promise<void>((resolve, reject) => {
    http.once("error", reject);
    http.listen(port, "127.0.0.1", resolve);
  });
  const taken = (http.address() as AddressInfo).port;
  const origins = [`http://127.0.0.1:${taken}`, `http://localhost:${taken}`];
  const secret = randomBytes(32).toString("base64url");
  const game = await startGameProcess({ origins, secret }, alias);
  const lines = new Map<string, Line>();
  for (const player of players) lines.set(player, await openLine(() => game.port));
  const page = await buildPage(
    mode,
    [...lines.values()].map(({ url }) => url),
    alias,
  );

  /** What the page's own server answers: it is no part of the game, so that it answers while the game is gone. */
  const actions: Record<string, (line: Line, player: string) => object | Promise<object>> = {
    login: (line, player) => ({ token: signToken(secret, player), url: line.url, up: line.up }),
    cut(line) {
      line.cut();
      return {};
    },
    down(line) {
      line.set(false);
      return {};
    },
    up(line) {
      line.set(true);
      return {};
    },
    async kill() {
      await game.kill();
      return { downMs };
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, control, action = "", player = ""] = (request.url ?? "").split("/");
    if (control === "metrics") return metricsOf(game.port, response);
    if (control !== "control") return page(request, response);
    const line = lines.get(player);
    const run = Object.hasOwn(actions, action) ? actions[action] : undefined;
    // Another page must not press these buttons.
    if (request.method !== "POST" || !origins.includes(request.headers.origin ?? ""))
      return void response.writeHead(403).end();
    if (!line || !run) return void response.writeHead(404).end();
    const body = JSON.stringify(await run(line, player));
    response.writeHead(200, { "content-type": "application/json", "cache-control": "no-store" }).end(body);
  }
  http.on("request", (request, response) => void answer(request, response));

  return {
    url: `${origins[0]}/`,
    async close() {
      const closed = new Promise<void>((resolve) => http.close(() => resolve()));
      http.closeAllConnections();
      await Promise.all([...lines.values()].map((line) => line.close()));
      await game.close();
      await closed;
    },
  };
}
