import { setTimeout as sleep } from "node:timers/promises";
import {
  type CommandError,
  createEventClient,
  createStorage,
  type KeyedStore,
  type TabLocks,
} from "@gestaloka/events/client";
import { startFaultProxy } from "../../support/fault-proxy.js";
import { contract } from "../contract.js";
import { createRandom } from "../random.js";
import type { Scene } from "./scene-child.js";
import { startSceneServer, until } from "./visitor.js";

const resends = 60;
const offlineMs = 20_000;
const actMs = 150;

/** Commands that are sent again after a cut, that wait through an outage, and that outlive a change of user. */
export const queue: Scene = async (file, { seed }) => {
  const { server, url } = await startSceneServer(file, { actMs, pingInterval: 1_000, pingTimeout: 1_500 });
  const proxy = await startFaultProxy(Number(new URL(url).port));
  const random = createRandom(seed);
  const open = (userId: () => string, storage?: ReturnType<typeof createStorage>) => {
    const client = createEventClient(proxy.url, {
      contract,
      auth: () => ({ user: userId() }),
      onError() {},
      ...(storage && { storage }),
    });
    void client.join(contract.rooms.arena("0")).catch(() => {});
    return client;
  };
  const ids = new Map<string, number>();
  const acted = () => server.ask<Record<string, number>>({ do: "acted" });
  const connected = (client: ReturnType<typeof open>) =>
    until(() => client.connection.getSnapshot().status === "connected", 15_000);

  // Cut before the command arrives, while its handler runs, and before its answer arrives.
  const ada = open(() => "ada");
  await connected(ada);
  let resent = 0;
  ada.on("ws:command", ({ state, id }) => {
    if (state !== "sent") return;
    ids.set(id, (ids.get(id) ?? 0) + 1);
    if (ids.get(id) === 2) resent++;
  });
  let answered = 0;
  for (let k = 1; k <= resends; k++) {
    const answer = ada.send("act", { arena_id: "0", k }).then((data) => data?.k === k);
    await sleep(random() * actMs * 1.4);
    if (random() < 0.5) proxy.cut();
    else for (const connection of proxy.connections) connection.set({ toClient: { mode: "blackhole" } });
    if (await answer) answered++;
    await connected(ada);
  }
  const timesActed = Object.values(await acted());

  // Offline for 20 s.
  proxy.set({ accept: "reset" });
  proxy.cut();
  await until(() => ada.connection.getSnapshot().status !== "connected", 10_000);
  const waiting = ada.send("act", { arena_id: "0", k: 1_000 });
  await sleep(offlineMs);
  const early = (await acted())["ada 1000"] ?? 0;
  proxy.set({ accept: "pass" });
  const offlineAnswer = (await waiting)?.k === 1_000;
  await sleep(500);
  const offlineActed = (await acted())["ada 1000"] ?? 0;

  // The credential becomes another user's while commands wait.
  let user = "bob";
  const changing = open(() => user);
  await connected(changing);
  proxy.set({ accept: "reset" });
  proxy.cut();
  await until(() => changing.connection.getSnapshot().status !== "connected", 10_000);
  const foreign = [1, 2, 3].map((k) =>
    changing.send("act", { arena_id: "0", k: 2_000 + k }).then(String, (error) => (error as CommandError).code),
  );
  user = "eve";
  proxy.set({ accept: "pass" });
  const foreignCodes = await Promise.all(foreign);

  // A page goes away with commands that wait; another user's page comes, then the first user's again.
  const { store, locks } = sharedStore();
  const first = open(() => "cyd", createStorage(store, locks));
  await connected(first);
  proxy.set({ accept: "reset" });
  proxy.cut();
  await until(() => first.connection.getSnapshot().status !== "connected", 10_000);
  const left = [1, 2, 3].map((k) =>
    first.send("act", { arena_id: "0", k: 3_000 + k }).then(String, (error) => (error as CommandError).code),
  );
  await sleep(100);
  first.close();
  await Promise.all(left);
  proxy.set({ accept: "pass" });
  const second = open(() => "dan", createStorage(store, locks));
  await connected(second);
  await sleep(1_000);
  second.close();
  const third = open(() => "cyd", createStorage(store, locks));
  await connected(third);
  await sleep(1_000);
  third.close();

  const all = await acted();
  const strangers = Object.keys(all).filter((key) => {
    const [userId, k] = [key.split(" ")[0], Number(key.split(" ")[1])];
    const owner = k >= 3_000 ? "cyd" : k >= 2_000 ? "bob" : "ada";
    return userId !== owner;
  }).length;
  const adoptedOnce = [1, 2, 3].every((k) => all[`cyd ${3_000 + k}`] === 1);
  for (const client of [ada, changing]) client.close();
  await Promise.all([proxy.close(), server.kill()]);
  const actedTwice = timesActed.filter((times) => times > 1).length;
  return {
    commands: resends,
    answered,
    resent,
    actedTwice,
    offlineMs,
    offlineActedEarly: early,
    offlineActed,
    offlineAnswer,
    foreignCodes,
    strangers,
    adoptedOnce,
    pass:
      answered === resends &&
      resent > resends / 3 &&
      actedTwice === 0 &&
      early === 0 &&
      offlineActed === 1 &&
      offlineAnswer &&
      strangers === 0 &&
      adoptedOnce,
  };
};

/** What two pages of one browser share. */
function sharedStore(): { store: KeyedStore; locks: TabLocks } {
  const values = new Map<string, string>();
  const tails = new Map<string, Promise<unknown>>();
  const held = new Set<string>();
  return {
    store: {
      keys: (prefix) => [...values.keys()].filter((key) => key.startsWith(prefix)),
      get: (key) => JSON.parse(values.get(key) ?? "null"),
      set: (key, value) => void values.set(key, JSON.stringify(value)),
      remove: (key) => void values.delete(key),
    },
    locks: {
      async request(name, { ifAvailable }, run) {
        if (ifAvailable && held.has(name)) return run(null);
        const turn = (tails.get(name) ?? Promise.resolve()).then(async () => {
          held.add(name);
          try {
            await run({ name });
          } finally {
            held.delete(name);
          }
        });
        tails.set(name, turn);
        return turn;
      },
    },
  };
}
