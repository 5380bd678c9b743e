import { type FaultProxy, startFaultProxy } from "../support/fault-proxy.js";

/**
 * The ways in, two for each node: one that faults are put on, and one for steady clients. Whoever comes by a way reaches its
 * node, and the next while that is down, as behind a balancer that goes by addresses.
 */
export class Front {
  private constructor(
    readonly harmed: readonly FaultProxy[],
    readonly steady: readonly FaultProxy[],
  ) {}

  static async open(ports: readonly (number | undefined)[]): Promise<Front> {
    const open = () => Promise.all(ports.map((port) => startFaultProxy(port as number)));
    return new Front(await open(), await open());
  }

  /** Sends new connections to the nodes that are up. */
  route(ports: readonly (number | undefined)[]): void {
    for (const proxies of [this.harmed, this.steady])
      for (const [at, proxy] of proxies.entries()) {
        const inTurn = [...ports.slice(at), ...ports.slice(0, at)];
        proxy.targetPort = inTurn.find((port) => port !== undefined) ?? proxy.targetPort;
      }
  }

  count(of: "accepted" | "upgradesRefused" | "upgradesHung"): number {
    return this.harmed.reduce((sum, { counters }) => sum + counters[of], 0);
  }

  async close(): Promise<void> {
    await Promise.all([...this.harmed, ...this.steady].map((proxy) => proxy.close()));
  }
}
