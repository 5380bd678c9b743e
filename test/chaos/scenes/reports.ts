import { setTimeout as sleep } from "node:timers/promises";
import { createEventClient, deliveryReport } from "@gestaloka/events/client";
import type { MetricsSnapshot } from "@gestaloka/events/server";
import { startFaultProxy } from "../../support/fault-proxy.js";
import { contract } from "../contract.js";
import { createRandom } from "../random.js";
import type { Scene } from "./scene-child.js";
import { startSceneServer, until } from "./visitor.js";

const arenas = 4;
const perSecond = 40;
const stormMs = 15_000;
const cutEveryMs = 250;
const calmMs = 6_000;
const headsIntervalMs = 1_000;
/** Two reports at their longest, and what an answer takes. */
const judgedMs = 3_500;
const agreeShare = 0.01;
const agreeMs = 2;

/** What handlers saw, kept beside the library and knowing nothing of it. */
class Ledger {
  /** By client, and of live events alone where times are. */
  readonly handled: number[] = [];
  times = 0;
  sumMs = 0;
}

type Reported = Pick<MetricsSnapshot, "delivery" | "histograms">;

/**
 * Compares what the library reports with what handlers saw: latency and delivery rate while connections are cut, then the
 * rate while some connections are alive and take nothing.
 */
export const reports: Scene = async (file, { seed, clients: asked }) => {
  const count = asked || 40;
  const { server, url } = await startSceneServer(file, { metrics: true });
  const port = Number(new URL(url).port);
  // What is stalled at the end is behind a proxy of its own.
  const [proxy, deafProxy] = [await startFaultProxy(port), await startFaultProxy(port)];
  const random = createRandom(seed);
  const ledger = new Ledger();
  const clients = Array.from({ length: count }, (_, index) =>
    openClient(index % 10 === 9 ? deafProxy.url : proxy.url, index, ledger),
  );
  await Promise.all(clients.map((client, index) => client.join(contract.rooms.arena(String(index % arenas)))));
  // By then every client knows the server's clock.
  await sleep(judgedMs);
  const publish = async (rate: number) => {
    const sent: number[] = [];
    for (let arena = 0; arena < arenas; arena++)
      sent.push(await server.ask<number>({ do: "rate", to: `arena:${arena}`, perSecond: rate }));
    return sent;
  };
  const addressedTo = (sent: readonly number[]) => clients.map((_, index) => sent[index % arenas] as number);
  const handledAll = (sent: readonly number[]) =>
    until(() => addressedTo(sent).every((last, index) => ledger.handled[index] === last), 20_000);

  await publish(perSecond);
  let cuts = 0;
  for (const begun = performance.now(); performance.now() - begun < stormMs; await sleep(cutEveryMs)) {
    const open = [...proxy.connections];
    const victim = open[Math.floor(random() * open.length)];
    if (random() < 0.5) victim?.cut();
    else victim?.reset();
    cuts++;
  }
  const complete = await handledAll(await publish(0));
  await sleep(judgedMs);
  const storm = await server.ask<Reported>({ do: "metrics" });
  const latency = { times: ledger.times, meanMs: ledger.sumMs / ledger.times };

  const before = { sent: addressedTo(await publish(perSecond)), handled: [...ledger.handled] };
  await sleep(calmMs / 2);
  for (const connection of deafProxy.connections) connection.set({ toClient: { mode: "stall" } });
  await sleep(calmMs / 2);
  const sent = addressedTo(await publish(0));
  await sleep(judgedMs);
  const end = await server.ask<Reported>({ do: "metrics" });
  const total = (numbers: readonly number[]) => numbers.reduce((one, other) => one + other, 0);
  const calmRate = (total(ledger.handled) - total(before.handled)) / (total(sent) - total(before.sent));

  for (const client of clients) client.close();
  await Promise.all([proxy.close(), deafProxy.close(), server.kill()]);
  const [stormStep, endStep] = [stepOf(storm), stepOf(end)];
  const figures = {
    clients: count,
    cuts,
    complete,
    measured: latency.times,
    reported: stormStep.receive.count,
    latencyLedgerMs: rounded(latency.meanMs),
    latencyReportedMs: rounded(stormStep.receive.meanMs),
    // Everything that was published was handled, or `complete` is false.
    rateLedger: complete ? 1 : 0,
    rateReported: rounded(stormStep.reached / stormStep.addressed),
    stalledRateLedger: rounded(calmRate),
    stalledRateReported: rounded((endStep.reached - stormStep.reached) / (endStep.addressed - stormStep.addressed)),
  };
  const pass =
    complete &&
    Math.abs(figures.latencyLedgerMs - figures.latencyReportedMs) <= agreeMs &&
    Math.abs(figures.rateLedger - figures.rateReported) <= agreeShare &&
    Math.abs(figures.stalledRateLedger - figures.stalledRateReported) <= agreeShare &&
    figures.stalledRateLedger < 1 - agreeShare;
  return { ...figures, pass };
};

function openClient(url: string, index: number, ledger: Ledger) {
  const client = createEventClient(url, {
    contract,
    auth: { user: `u${index}` },
    onError() {},
    report: deliveryReport,
    headsIntervalMs,
  });
  ledger.handled[index] = 0;
  client.on("chaos:step", ({ t = 0 }, { replayed }) => {
    ledger.handled[index] = (ledger.handled[index] as number) + 1;
    if (replayed) return;
    ledger.times++;
    ledger.sumMs += performance.timeOrigin + performance.now() - t;
  });
  return client;
}

function stepOf({ delivery, histograms }: Reported) {
  const { addressed = 0, reached = 0 } = delivery.find(({ event }) => event === "step") ?? {};
  const receive = histograms.find(({ histogram, event }) => histogram === "receive" && event === "step");
  return { addressed, reached, receive: { count: receive?.count ?? 0, meanMs: receive?.meanMs ?? Number.NaN } };
}

function rounded(number: number): number {
  return Math.round(number * 10_000) / 10_000;
}
