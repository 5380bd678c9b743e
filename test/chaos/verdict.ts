import type { ClientsRecords } from "./clients-child.js";
import { judgeCommands, judgeEvents, type Started } from "./judge.js";
import { lowKind, readPairs } from "./published-ledger.js";
import type { Servers } from "./servers.js";
import { percentile } from "./statistics.js";

/** Compares the ledgers of the servers with those of the clients. */
export function judgeLedgers(servers: Servers, records: ClientsRecords) {
  const published = servers.published();
  const events = judgeEvents(published, records.streams, records.reasons);
  const started = function* (): Generator<Started> {
    for (const [head, k] of readPairs(servers.startedFile)) yield { server: head >>> 24, client: head & 0xff_ffff, k };
  };
  const commands = judgeCommands(started(), records.commands, (server) => servers.endedBy.get(server));
  const recoveries = records.recoveries.slice().sort((one, other) => one - other);
  return {
    published: published.total,
    publishedLow: published.counts[lowKind],
    handled: records.handled,
    ...events,
    ...commands,
    recoveryP50Ms: percentile(recoveries, 0.5),
    recoveryP99Ms: percentile(recoveries, 0.99),
    recoveries: recoveries.length,
  };
}
