import { contract, rooms } from "@gestaloka/events";
import { createEventClient } from "@gestaloka/events/client";
import { answerParent } from "../chaos/child.js";
import { watchLag } from "./lag.js";

/** What the clients beside the attack went through. */
export interface HealthyReport {
  /** Events that did not come, came twice or out of order, and commands that were not carried out. */
  readonly lost: number;
  readonly received: number;
  readonly commands: number;
  readonly disconnected: number;
  /** How long this process, which does next to nothing, was kept from its turn, ms: the machine's own lag. */
  readonly lagMs: number;
}

type Request =
  | { readonly do: "start"; readonly ports: readonly number[] }
  | { readonly do: "report" }
  /** Resolves once every client has the events before this number, or after half a minute. */
  | { readonly do: "finish"; readonly emitted: number };

interface Healthy {
  readonly client: { close(): void };
  next: number | undefined;
  wrong: number;
  received: number;
}

const takeLag = watchLag();
const clients: Healthy[] = [];
let sent = 0;
let applied = 0;
let failed = 0;
let disconnected = 0;
let sending: NodeJS.Timeout;

async function start(ports: readonly number[]): Promise<void> {
  const opened = ports.map((port) =>
    createEventClient(`http://127.0.0.1:${port}`, { contract, auth: { user: "healthy" } }),
  );
  for (const client of opened) {
    const healthy: Healthy = { client, next: undefined, wrong: 0, received: 0 };
    clients.push(healthy);
    client.on("game:narrative_update", ({ narrative }) => {
      const number = Number(narrative);
      healthy.received++;
      if (number !== (healthy.next ?? number))
        healthy.wrong += Math.max(1, Math.abs(number - (healthy.next ?? number)));
      healthy.next = number + 1;
    });
    client.on("ws:disconnected", () => disconnected++);
    client.on("ws:resync", () => healthy.wrong++);
    await client.join(rooms.game("calm"));
  }
  sending = setInterval(() => {
    for (const client of opened) {
      sent++;
      client.send("game_action", { game_session_id: "calm", action: "look" }).then(
        () => applied++,
        () => failed++,
      );
    }
  }, 250);
}

function report(): HealthyReport {
  return {
    lost: clients.reduce((sum, { wrong }) => sum + wrong, 0) + failed,
    received: clients.reduce((sum, { received }) => sum + received, 0),
    commands: applied,
    disconnected,
    lagMs: takeLag().wall,
  };
}

async function finish(emitted: number): Promise<HealthyReport> {
  clearInterval(sending);
  const until = performance.now() + 30_000;
  const missing = () => clients.reduce((sum, { next = 0 }) => sum + Math.max(0, emitted - next), 0);
  while (performance.now() < until && (missing() > 0 || applied + failed < sent))
    await new Promise((resolve) => setTimeout(resolve, 20));
  const last = report();
  for (const { client } of clients) client.close();
  return { ...last, lost: last.lost + missing() + (sent - applied - failed) };
}

answerParent(async (request: Request): Promise<unknown> => {
  if (request.do === "start") return start(request.ports);
  return request.do === "report" ? report() : finish(request.emitted);
});
