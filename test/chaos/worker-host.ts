import { createWorkerEmitter } from "@gestaloka/events/redis";
import type { Backend } from "@gestaloka/events/server";
import { contract } from "./contract.js";
import type { Host } from "./host.js";
import type { Layout } from "./layout.js";
import { RoomEmits } from "./room-emits.js";

/** Publishes without sockets, as a worker of an application does. */
export async function openWorkerHost(layout: Layout, backend: Backend): Promise<Host> {
  let failed = 0;
  const worker = createWorkerEmitter({
    contract,
    backend,
    onError(error, context) {
      if (failed++ < 5) console.error("worker", context, error);
    },
  });
  const emits = new RoomEmits(worker.to, layout);
  return {
    port: 0,
    emit: (...emit) => emits.emit(...emit),
    get failed() {
      return failed;
    },
    dropped: {},
    connections: 0,
    close: () => worker.close(),
  };
}
