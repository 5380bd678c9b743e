import { setTimeout as wait } from "node:timers/promises";
import { contract } from "@gestaloka/events";
import { createWorkerEmitter, redisBackend } from "@gestaloka/events/redis";
import { createClient } from "redis";

// Emits what jobs in Python wrote into a list of Redis: `npm run relay`, one process for all of them.
const { REDIS = "redis://127.0.0.1:6379" } = process.env;
const worker = createWorkerEmitter({ contract, backend: redisBackend({ client: createClient({ url: REDIS }) }) });
const redis = createClient({ url: REDIS });
redis.on("error", ({ message }: Error) => console.error(message));
await redis.connect();
console.log("relaying");

for (;;) {
  const line = await redis.lIndex("outbox", 0);
  if (line === null) {
    await wait(50);
    continue;
  }
  const [appendId, room, event, payload] = JSON.parse(line) as [string, string, string, object];
  const { kind, id = "" } = contract.parseRoom(room) ?? {};
  const to = kind === "user" ? worker.to.user(id) : worker.to.game(id);
  // Checked as it is emitted, so the types may look away.
  const told = await to.emit(event as never, payload as never, { appendId });
  if (!told.ok) console.error(told.error.message);
  // While Redis cannot write, the line stays the first. One that was emitted before a crash is known by its id for 60 s.
  if (!told.ok && ["backend_unavailable", "log_unknown"].includes(told.error.code)) await wait(500);
  else await redis.lPop("outbox");
}
