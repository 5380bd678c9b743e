import { setTimeout as sleep } from "node:timers/promises";
import { type FaultProxy, startFaultProxy } from "../../support/fault-proxy.js";
import { peersOf } from "./peers.js";
import type { Scene } from "./scene-child.js";
import { until } from "./visitor.js";

const events = 200;
const missed = 100;

/** What travels over one connection: its entry, an event, and a recovery; TLS, TCP and IP are not in it. */
export const wire: Scene = async (file, { engine }) => {
  const peers = await peersOf(file, engine);
  const { server, url } = await peers.start({});
  const proxy = await startFaultProxy(Number(new URL(url).port));
  const visitor = await peers.open(proxy.url, "u0", "0");
  await sleep(500);
  const entry = bytes(proxy);
  // Each event leaves by itself.
  for (let count = 1; count <= events; count++) {
    await server.ask({ do: "emit", to: "arena:0", count: 1 });
    await until(() => visitor.arena === count, 5_000);
  }
  const all = bytes(proxy);
  proxy.set({ accept: "reset" });
  proxy.cut();
  await until(() => !visitor.connected(), 5_000);
  await server.ask({ do: "emit", to: "arena:0", count: missed });
  proxy.set({ accept: "pass" });
  const away = bytes(proxy);
  visitor.connect();
  await until(() => visitor.arena === events + missed, 10_000);
  await sleep(500);
  const back = bytes(proxy);
  visitor.close();
  await Promise.all([proxy.close(), server.kill()]);
  const [onEntry, onEvents, onReturn] = [entry, between(entry, all), between(away, back)];
  return {
    entryToServer: onEntry.toServer,
    entryToClient: onEntry.toClient,
    eventToClient: Math.round((onEvents.toClient / events) * 10) / 10,
    missed,
    returnToServer: onReturn.toServer,
    returnToClient: onReturn.toClient,
    pass: visitor.holes === 0 && visitor.resyncs === 0 && visitor.arena === events + missed,
  };
};

interface Bytes {
  readonly toServer: number;
  readonly toClient: number;
}

function bytes({ counters: { bytesToServer, bytesToClient } }: FaultProxy): Bytes {
  return { toServer: bytesToServer, toClient: bytesToClient };
}

function between(one: Bytes, other: Bytes): Bytes {
  return { toServer: other.toServer - one.toServer, toClient: other.toClient - one.toClient };
}
