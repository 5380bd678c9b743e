import type { ChatMessagePayload, ChoicesUpdateChoice, MessageAddedMessage } from "@gestaloka/events";

/** One change of the balance; `at` tells it apart, as does the timestamp of its event. */
export interface Booking {
  readonly at: string;
  readonly balance: number;
}

export interface Points {
  readonly current_sp: number;
  readonly consecutive_days: number;
  readonly bookings: readonly Booking[];
}

/** The game as a page reads it when it opens. */
export interface GameState {
  readonly messages: readonly MessageAddedMessage[];
  readonly choices: readonly ChoicesUpdateChoice[];
  readonly chat: readonly ChatMessagePayload[];
  /** Who is in the game. */
  readonly members: readonly string[];
  readonly currentScene: string;
}

/** How much the game holds, to compare with what a window shows. */
export interface Tally {
  readonly messages: number;
  readonly chat: number;
  readonly bookings: number;
}

/** The game's HTTP half, over the same line as its events. */
export function createGameApi(url: string, token: string) {
  async function ask<TAnswer>(method: "GET" | "POST", path: string): Promise<TAnswer> {
    const response = await fetch(`${url}/api/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(5_000),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    return (await response.json()) as TAnswer;
  }
  return {
    points: () => ask<Points>("GET", "sp"),
    game: () => ask<GameState>("GET", "game"),
    tally: () => ask<Tally>("GET", "tally"),
    consume: () => ask<{ covered: boolean }>("POST", "sp/consume"),
    recover: () => ask<object>("POST", "sp/recover"),
    notify: (kind: "system" | "achievement" | "friend") => ask<object>("POST", `notify/${kind}`),
  };
}
