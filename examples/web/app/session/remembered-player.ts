import { type Player, players } from "./control.js";
import { openSession, type Session } from "./session.js";

const storageKey = "gestaloka-demo/player";

/** Remembers who plays in this window, over a reload; other windows are not told. */
export function rememberPlayer(player: Player | undefined): void {
  if (player) sessionStorage.setItem(storageKey, player);
  else sessionStorage.removeItem(storageKey);
}

/** Opens the session of the player who was logged in before the reload. */
export async function restoreSession(): Promise<Session | undefined> {
  const player = players.find((name) => name === sessionStorage.getItem(storageKey));
  try {
    return player && (await openSession(player));
  } catch {
    return undefined;
  }
}
