import { beginCensus, takeCensus } from "./census.js";
import { answerParent } from "./child.js";
import type { StreamRecord } from "./handled-ledger.js";
import type { CommandRecord } from "./judge.js";
import { isSteady, type Layout } from "./layout.js";
import type { OpenPlayer } from "./library-player.js";
import { Player, Reasons } from "./player.js";
import { createRandom } from "./random.js";
import type { Stack } from "./stack.js";

export interface ClientsStart {
  readonly stack: Stack;
  readonly layout: Layout;
  /** The ways through the faults, one of which each client takes, and those of steady clients. */
  readonly urls: readonly string[];
  readonly steadyUrls: readonly string[];
  readonly seed: number;
}

export interface ClientsProgress {
  readonly connected: number;
  readonly handled: number;
  readonly pending: number;
  /** The last exact number that every client of a stream has handled, but those that were told of a resync since. */
  readonly exact: Uint32Array;
  /** Of steady clients: low events handled. */
  readonly murmurs: readonly number[];
  /** Which connection of its own each steady client has; -1 for none. */
  readonly steadyConnections: readonly number[];
  readonly murmursTwice: number;
}

export interface ClientsRecords {
  readonly streams: readonly StreamRecord[];
  readonly commands: readonly CommandRecord[];
  readonly reasons: readonly string[];
  readonly recoveries: readonly number[];
  readonly handled: number;
}

type Request =
  | ({ readonly do: "start" } & ClientsStart)
  /** Commands an s, of all clients together; 0 for none. */
  | { readonly do: "act"; readonly rate: number }
  /** So many servers were killed so far; answers how many commands are without an answer. */
  | { readonly do: "killed"; readonly kills: number }
  | { readonly do: "progress" }
  | { readonly do: "census" }
  | { readonly do: "records" };

let layout: Layout;
let players: Player[] = [];
let open: OpenPlayer[] = [];
let reasons: Reasons;
let kills = 0;
let timer: NodeJS.Timeout | undefined;

async function start(options: ClientsStart): Promise<void> {
  layout = options.layout;
  reasons = new Reasons();
  const random = createRandom(options.seed ^ 0x5eed);
  players = Array.from({ length: layout.clients }, (_, client) => new Player(layout, client, reasons, random));
  const opened = await openerOf(options.stack);
  open = players.map((player) => {
    const urls = isSteady(layout, player.client) ? options.steadyUrls : options.urls;
    return opened(urls[player.client % urls.length] as string, layout, player);
  });
  await Promise.all(open.map((each) => each.ready()));
}

async function openerOf(stack: Stack) {
  if (stack === "stock") return (await import("./stock-player.js")).openStockPlayer;
  if (stack === "centrifuge") return (await import("./centrifuge-player.js")).openCentrifugePlayer;
  return (await import("./library-player.js")).openLibraryPlayer;
}

function act(rate: number): void {
  clearInterval(timer);
  const tickMs = 50;
  let owed = 0;
  const random = createRandom(rate + kills);
  if (rate > 0)
    timer = setInterval(() => {
      for (owed += (rate * tickMs) / 1_000; owed >= 1; owed--) {
        const at = Math.floor(random() * players.length);
        void (players[at] as Player).act((open[at] as OpenPlayer).send, () => kills);
      }
    }, tickMs);
}

function progress(): ClientsProgress {
  const exact = new Uint32Array(layout.arenas + layout.clients).fill(0xffff_ffff);
  for (const player of players)
    for (const stream of player.streams) {
      const ledger = player.ledger(stream);
      if (!ledger.told) exact[stream] = Math.min(exact[stream] as number, ledger.exact);
    }
  const steady = players.filter(({ client }) => isSteady(layout, client));
  return {
    connected: players.filter((player) => player.connected).length,
    handled: players.reduce((sum, { handled }) => sum + handled, 0),
    pending: players.reduce((sum, { pending }) => sum + pending, 0),
    exact,
    murmurs: steady.map(({ murmurs }) => murmurs),
    steadyConnections: steady.map(({ connected, disconnects }) => (connected ? disconnects : -1)),
    murmursTwice: steady.reduce((sum, { murmursTwice }) => sum + murmursTwice, 0),
  };
}

function records(): ClientsRecords {
  const commands = players.map((player) => player.commands());
  return {
    streams: players.flatMap((player) => player.records()),
    commands,
    reasons: reasons.names,
    recoveries: players.flatMap(({ recoveries }) => recoveries),
    handled: players.reduce((sum, { handled }) => sum + handled, 0),
  };
}

// Counting costs time, so only where it is asked for.
if (globalThis.gc) beginCensus();

answerParent(async (request: Request) => {
  if (request.do === "start") return start(request);
  if (request.do === "census") return takeCensus();
  if (request.do === "act") return act(request.rate);
  if (request.do === "records") return records();
  if (request.do === "killed") {
    kills = request.kills;
    return progress().pending;
  }
  return progress();
});
