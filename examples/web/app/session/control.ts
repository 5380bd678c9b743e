export type Player = "alice" | "bob";
export const players: readonly Player[] = ["alice", "bob"];

/** How the window reaches the game: as whom, and over which line. */
export interface Admission {
  readonly token: string;
  readonly url: string;
  /** Whether the line was left down. */
  readonly up: boolean;
}

/** Asks the page's own server, which is no part of the game: it logs players in and harms lines on request. */
export async function control<TAnswer>(action: string, player: Player): Promise<TAnswer> {
  const response = await fetch(`/control/${action}/${player}`, { method: "POST" });
  if (!response.ok) throw new Error(`${action}: ${response.status}`);
  return (await response.json()) as TAnswer;
}
