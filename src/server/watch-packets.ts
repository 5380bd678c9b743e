import { performance } from "node:perf_hooks";
import { NamespaceEntries } from "./namespace-entry.js";
import { ReadingPace } from "./reading-pace.js";
import type { EngineConnection, Server } from "./socket-io.js";

/** An Engine.IO connection, as one that gives packets. */
interface Packets extends EngineConnection {
  on(name: "packet", listener: (packet: { readonly data?: unknown }) => void): unknown;
  on(name: "upgrading", listener: (transport: EngineConnection["transport"]) => void): unknown;
}

// Each of a server's namespaces may be served, and all of them have the same connections.
const watched = new WeakSet<object>();

/**
 * Has a server's connections share its turns, whatever comes on them: acknowledgements, heartbeats, and what strangers send;
 * and ends those that ask for one namespace after the other.
 *
 * One listener does both: a second would cost an idle connection as much as all that is known of its user.
 */
export function watchPackets({ engine }: Server): void {
  if (watched.has(engine)) return;
  watched.add(engine);
  const clock = () => performance.now();
  const pace = new ReadingPace(clock);
  const entries = new NamespaceEntries(clock);
  function onPacket(this: Packets, { data }: { readonly data?: unknown }): void {
    pace.took(this.transport);
    if (entries.isTooMany(this.id, data)) this.close(true);
  }
  const onProbe = (transport: EngineConnection["transport"]): void => pace.took(transport);
  engine.on("connection", (connection: Packets) => {
    connection.on("packet", onPacket);
    // Each probe of an upgrade is a packet, and the first alone is of any use.
    connection.on("upgrading", onProbe);
  });
}
