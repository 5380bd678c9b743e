import { answerLimits } from "../delivery/answers.js";
import type { Cursor } from "../delivery/recovery.js";
import type { StoredEvent } from "../delivery/stored-event.js";
import { withDefaults } from "../server/with-defaults.js";
import { CommandStore } from "./command-store.js";
import type { Driver } from "./driver.js";
import { Emits } from "./emits.js";
import { Feeds } from "./feeds.js";
import { type Keys, toKeys } from "./keys.js";
import { Link } from "./link.js";
import { LocalEmits } from "./local-emits.js";
import { LocalServers } from "./local-servers.js";
import { Opening } from "./opening.js";
import { type Notice, Peers } from "./peers.js";
import { Presence } from "./presence.js";
import type { RedisSettings } from "./redis-backend-options.js";
import { RoomStore, redisLogLimits } from "./room-store.js";
import { toDriver } from "./to-driver.js";
import { toWholeNumbers } from "./whole-numbers.js";

/** What a Redis backend is put together from. */
export interface RedisParts {
  readonly servers: LocalServers;
  readonly keys: Keys;
  readonly driver: Driver;
  readonly link: Link;
  readonly store: RoomStore;
  readonly feeds: Feeds;
  readonly peers: Peers;
  readonly presence: Presence;
  readonly commands: CommandStore;
  readonly local: LocalEmits;
  readonly emits: Emits;
  /** Until this server hears for the first time. */
  readonly opening: Opening;
}

const leaseMs = 5_000;
const fillEvents = 500;
const fillBytes = 256 * 1024;

/** Puts the parts together; nothing is connected yet. */
export function toParts(settings: RedisSettings): RedisParts {
  const { client, prefix, log, answers, timeoutMs, presenceLeaseMs, whileAway } = toWholeNumbers(settings);
  const servers = new LocalServers();
  const keys = toKeys(prefix);
  const driver = toDriver(client);
  const link = new Link(driver, { timeoutMs, maxCommands: 100_000, maxCharacters: 64 * 1024 * 1024 });
  const store = new RoomStore(
    link,
    keys,
    toWholeNumbers(withDefaults(redisLogLimits, log, "backend_invalid", "redisBackend.log")),
  );
  const opening = new Opening();
  const failed = (error: unknown) => servers.failed(error);
  const host = {
    deliver: (room: string, event: StoredEvent, except: string | undefined) => servers.deliver(room, event, except),
    read: readMissed,
    stands: (room: string, head: Cursor) => servers.stands(room, head),
  };
  const feeds = new Feeds(driver, keys, store, () => opening.promise, host, failed);
  const peers = new Peers(link, keys, leaseMs, {
    heard,
    leased() {
      opening.end();
      void feeds.compare("lost");
      // Redis may have lost who is here, or counts them as gone by now.
      presence.renew().catch(failed);
    },
    missed: () => void feeds.compare("lost"),
    failed,
  });
  const presence = new Presence(link, keys, peers.id, presenceLeaseMs, servers);
  const local = new LocalEmits(whileAway, link, store);
  const emits = new Emits(store, local, feeds, servers);
  const isLocal = (error: unknown) => local.allows(error);
  const kept = toWholeNumbers(withDefaults(answerLimits, answers, "backend_invalid", "redisBackend.answers"));
  const commands = new CommandStore(link, keys, peers.id, kept, isLocal);

  function heard(notice: Notice): void {
    const [kind, userId = "", id = ""] = notice;
    if (kind === "answered") commands.answered(userId, id);
    else servers.obey(notice);
  }

  async function readMissed(room: string, epoch: string, after: number): Promise<StoredEvent[] | undefined> {
    const events = await store.read(room, epoch, after, fillEvents, fillBytes);
    peers.requireLease();
    return events;
  }

  return { servers, keys, driver, link, store, feeds, peers, presence, commands, local, emits, opening };
}
