/** The names of what is kept in Redis; all keys of a room, and all of a user, share a hash tag, and so a cluster's node. */
export interface Keys {
  /** Of a room: its head, its log, the ids of its appends in even and in odd minutes. */
  log(room: string): [head: string, stream: string, even: string, odd: string];
  /** What was taken back in a room. */
  rights(room: string): string;
  /** Who is in a room, by server, and until when each server answers for it. */
  presence(room: string): [present: string, leases: string];
  /** A user's command. */
  command(userId: string, id: string): string;
  /** Where a room's events are published; `roomOf` reads it back. */
  channel(room: string): string;
  roomOf(channel: string): string | undefined;
  /** Where the servers speak to each other, and to one of them. */
  readonly control: string;
  node(id: string): string;
  /** The servers and until when each is sure to hear, and what all of them have to obey. */
  readonly nodes: [leases: string, orders: string];
}

/** Names everything after `prefix`, so that applications can share a Redis. */
export function toKeys(prefix: string): Keys {
  const rooms = `${prefix}:room:`;
  return {
    log: (room) => {
      const tag = `${prefix}:{${room}}`;
      return [`${tag}:head`, `${tag}:log`, `${tag}:even`, `${tag}:odd`];
    },
    rights: (room) => `${prefix}:{${room}}:rights`,
    presence: (room) => [`${prefix}:{${room}}:present`, `${prefix}:{${room}}:leases`],
    command: (userId, id) => `${prefix}:{user ${userId}}:command:${id}`,
    channel: (room) => rooms + room,
    roomOf: (channel) => (channel.startsWith(rooms) ? channel.slice(rooms.length) : undefined),
    control: `${prefix}:control`,
    node: (id) => `${prefix}:node:${id}`,
    // There may be a room of the name "nodes": no key of one ends like these.
    nodes: [`${prefix}:{nodes}:servers`, `${prefix}:{nodes}:orders`],
  };
}
