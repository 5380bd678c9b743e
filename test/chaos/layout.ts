/** Keys of a dial and of a board: so many values a stream has that coalesce. */
export const keyCount = 8;
/** Clients that are never cut, each with a low event of its own, so that what was dropped is counted by name. */
export const steadyCount = 4;

/**
 * Who is where. Streams are numbered: arenas first, then one seat a client. Every client is in two arenas and in its own
 * seat; the last `steadyCount` clients are never cut.
 */
export interface Layout {
  readonly clients: number;
  readonly arenas: number;
}

export function streamCount({ clients, arenas }: Layout): number {
  return arenas + clients;
}

export function isSteady({ clients }: Layout, client: number): boolean {
  return client >= clients - steadyCount;
}

export function arenasOf({ arenas }: Layout, client: number): number[] {
  const first = client % arenas;
  const second = (client * 7 + 3) % arenas;
  return first === second ? [first] : [first, second];
}

export function seatOf({ arenas }: Layout, client: number): number {
  return arenas + client;
}

export function userOf(client: number): string {
  return `u${client}`;
}

export function roomOf({ arenas }: Layout, stream: number): string {
  return stream < arenas ? `arena_${stream}` : `seat_${userOf(stream - arenas)}`;
}
