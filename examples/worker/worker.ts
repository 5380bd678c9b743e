import { contract } from "@gestaloka/events";
import { createWorkerEmitter, redisBackend, SPEventEmitter } from "@gestaloka/events/redis";
import { createClient } from "redis";

// A job without sockets, as a scheduler starts it once a day: `npm run worker -- alice bob`.
const { REDIS = "redis://127.0.0.1:6379" } = process.env;
const worker = createWorkerEmitter({ contract, backend: redisBackend({ client: createClient({ url: REDIS }) }) });
const sp = new SPEventEmitter(worker);

for (const userId of process.argv.slice(2)) {
  // An application books them first; an emit that fails undoes nothing.
  const told = await sp.emitSpDailyRecovery(userId, {
    success: true,
    recovered_amount: 10,
    subscription_bonus: 0,
    login_bonus: 5,
    consecutive_days: 1,
    balance_after: 15,
  });
  console.log(told.ok ? `told ${userId}, number ${told.seq}` : `could not tell ${userId}: ${told.error.message}`);
}
await worker.close();
