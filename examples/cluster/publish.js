import { contract } from "@gestaloka/events";
import { createWorkerEmitter, redisBackend, SPEventEmitter } from "@gestaloka/events/redis";
import { createClient } from "redis";

// A process without sockets: a queue's worker, a job, a script such as this one.
const { REDIS = "redis://127.0.0.1:6379" } = process.env;
const [userId = "alice"] = process.argv.slice(2);

const worker = createWorkerEmitter({ contract, backend: redisBackend({ client: createClient({ url: REDIS }) }) });
const result = await new SPEventEmitter(worker).emitSpUpdate(userId, {
  current_sp: 150,
  amount_changed: 50,
  transaction_type: "purchase",
  description: "50 SP",
});
console.log(result.ok ? `Published as number ${result.seq} of ${userId}` : result.error.message);
await worker.close();
