import { startEngine } from "./centrifuge/engine.js";
import { enginePings, type Host } from "./host.js";
import { type Layout, roomOf } from "./layout.js";
import { stormLog } from "./storm-log.js";

/** No arena of a storm has more events a second. */
const eventsPerSecond = 100;

/**
 * Serves the same events with Centrifugo's engine: a room is a channel with positions and recovery. A room's log here keeps
 * what is younger than some seconds or among the last; a channel there the last alone, so it is given as many as both hold.
 */
export async function openCentrifugeHost(file: string, layout: Layout, port: number): Promise<Host> {
  const historySize = Math.max(stormLog.keepCount, (stormLog.keepMs / 1_000) * eventsPerSecond);
  const engine = await startEngine(file, { port, historySize, ...enginePings });
  return {
    port: engine.port,
    emit(stream, name, payload) {
      engine.publish(roomOf(layout, stream), { name, ...payload }, name !== "whisper");
      return undefined;
    },
    failed: 0,
    dropped: {},
    connections: 0,
    async close() {
      engine.close();
    },
  };
}
