import type { EventClient } from "../../client/event-client.js";
import { CommandError } from "../../contract/errors.js";
import { Misuse } from "../exit-code.js";
import type { Live } from "../live/live-options.js";
import { connect, createLiveClient, refusalOf } from "../live/open-client.js";
import { clockReport, ServerClock } from "../live/server-clock.js";
import { Histogram } from "./histogram.js";
import { commandsOf, fillIn, type Load } from "./scenario.js";

// Players who come in at the same moment, and how often it is looked what is due, ms.
const together = 20;
const tickMs = 10;

/** What a load came to. */
export interface LoadResult {
  readonly sent: number;
  readonly applied: number;
  /** Code → how often. */
  readonly refused: ReadonlyMap<string, number>;
  /** From `send` to its answer. */
  readonly answers: Histogram;
  /** From an event's emit to its handlers, over all players. */
  readonly events: Histogram;
  /** How long it took from the first command to the last answer, ms. */
  readonly ms: number;
}

/**
 * Connects the players, lets them send at the rate that is asked for, and waits for the last answer.
 *
 * @throws {Misuse} once the server has put one of them out for good: an answer to them would be waited for until it expires.
 */
export async function runLoad(live: Live, load: Load, onProgress: (share: number) => void): Promise<LoadResult> {
  const answers = new Histogram();
  const events = new Histogram();
  const refused = new Map<string, number>();
  let [sent, applied] = [0, 0];
  const clients: EventClient[] = [];
  let fail = (_error: unknown) => {};
  const putOut = new Promise<never>((_, reject) => {
    fail = reject;
  });
  // Who is put out as the others come in is told of below.
  putOut.catch(() => {});
  const enter = async (n: number) => {
    const clock = new ServerClock();
    const client = await createLiveClient(
      { ...live, auth: fillIn(load.auth, wordsOf(n)) },
      { report: () => clockReport(clock) },
    );
    clients[n] = client;
    for (const { appName } of live.contract.events.values()) {
      client.on(appName as never, (_, { at, replayed }) => {
        if (at !== undefined && !replayed) events.add(clock.since(at));
      });
    }
    await connect(client);
    refusalOf(client).catch(fail);
    if (load.join === undefined) return;
    const room = fillIn(load.join, wordsOf(n));
    await client.join(room as never).catch((error) => {
      throw error instanceof CommandError ? new Misuse(`load.join ${room}: ${error.code}`) : error;
    });
  };
  const send = async (n: number) => {
    sent++;
    const began = performance.now();
    try {
      await (clients[n] as EventClient).send(load.send as never, fillIn(load.payload, wordsOf(n)) as never);
      applied++;
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      refused.set(error.code, (refused.get(error.code) ?? 0) + 1);
    }
    answers.add(performance.now() - began);
  };
  try {
    for (let from = 0; from < load.players; from += together)
      await Promise.all(Array.from({ length: Math.min(together, load.players - from) }, (_, i) => enter(from + i)));
    const total = commandsOf(load);
    const began = performance.now();
    const pending: Promise<void>[] = [];
    while (pending.length < total) {
      const due = Math.min(total, Math.ceil(((performance.now() - began) / 1_000) * load.rate));
      while (pending.length < due) pending.push(send(pending.length % load.players));
      onProgress(pending.length / total);
      if (pending.length < total) await Promise.race([putOut, new Promise((resolve) => setTimeout(resolve, tickMs))]);
    }
    await Promise.race([putOut, Promise.all(pending)]);
    return { sent, applied, refused, answers, events, ms: performance.now() - began };
  } finally {
    for (const client of clients) client?.close();
  }
}

function wordsOf(n: number): Record<string, string> {
  return { n: String(n), player: `player-${n}` };
}
