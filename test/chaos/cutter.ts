import type { FaultProxy } from "../support/fault-proxy.js";
import type { ProxyConnection, UpgradePolicy } from "../support/proxy-connection.js";
import { pick } from "./random.js";

/** Half of the cuts are black holes: links that die without a word. */
const weights = {
  cut: 14,
  reset: 12,
  cutAfterBytes: 14,
  throttleThenCut: 6,
  halfClose: 4,
  blackhole: 20,
  blackholeToServer: 15,
  blackholeToClient: 15,
};

export type CutKind = keyof typeof weights;

/** By then both ends have given a dead link up, and its sockets can go. */
const sweepMs = 8_000;

/** Harms connections of proxies at a rate, as a seed says. */
export class Cutter {
  count = 0;
  readonly byKind: Record<CutKind, number>;
  private timer: NodeJS.Timeout | undefined;
  private owed = 0;
  private readonly harmed = new WeakSet<ProxyConnection>();
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(
    private readonly proxies: readonly FaultProxy[],
    private readonly random: () => number,
  ) {
    this.byKind = Object.fromEntries(Object.keys(weights).map((kind) => [kind, 0])) as Record<CutKind, number>;
  }

  /** `rate`: cuts an s, until `total` were made. */
  start(rate: number, total: number): void {
    this.stop();
    const tickMs = 20;
    this.timer = setInterval(() => {
      // Where nothing is connected there is nothing to cut, and nothing is saved up for later.
      this.owed = Math.min(this.owed + (rate * tickMs) / 1_000, 5, total - this.count);
      while (this.owed >= 1 && this.cutOne()) this.owed--;
    }, tickMs);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Ends what faults left behind. */
  sweep(): void {
    for (const timer of this.timers) clearTimeout(timer);
    for (const connection of this.connections()) if (this.harmed.has(connection)) connection.cut();
  }

  private connections(): ProxyConnection[] {
    return this.proxies.flatMap(({ connections }) => [...connections]);
  }

  private cutOne(): boolean {
    const alive = this.connections().filter(
      (connection) => !this.harmed.has(connection) && (connection.kind === "websocket" || connection.kind === "http"),
    );
    const connection = alive[Math.floor(this.random() * alive.length)];
    if (!connection) return false;
    const kind = pick(weights, this.random);
    this.harmed.add(connection);
    this.count++;
    this.byKind[kind]++;
    this.harm(connection, kind);
    this.after(sweepMs, () => connection.cut());
    return true;
  }

  private harm(connection: ProxyConnection, kind: CutKind): void {
    const { random } = this;
    if (kind === "cut") connection.cut();
    else if (kind === "reset") connection.reset();
    else if (kind === "halfClose") connection.halfClose(random() < 0.5 ? "client" : "server");
    else if (kind === "blackhole") connection.blackhole();
    else if (kind === "blackholeToServer") connection.set({ toServer: { mode: "blackhole" } });
    else if (kind === "blackholeToClient") connection.set({ toClient: { mode: "blackhole" } });
    else if (kind === "throttleThenCut") {
      connection.set({ toClient: { bytesPerSecond: 1_500 }, toServer: { bytesPerSecond: 500 } });
      this.after(500 + random() * 1_000, () => (random() < 0.5 ? connection.cut() : connection.reset()));
    } else {
      const lane = { cutAfterBytes: 1 + Math.floor(random() * 600) };
      connection.set(
        random() < 0.7 ? { toClient: lane } : { toServer: { cutAfterBytes: 1 + Math.floor(random() * 120) } },
      );
    }
  }

  private after(ms: number, run: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      run();
    }, ms);
    this.timers.add(timer);
  }
}

/** From time to time no WebSocket gets through for a while: refused, or taken and never answered. */
export class UpgradeBlocker {
  private timer: NodeJS.Timeout | undefined;
  private turn = 0;

  constructor(private readonly proxies: readonly FaultProxy[]) {}

  start(everyMs: number, forMs: number): void {
    this.timer = setInterval(() => {
      const hang = this.turn++ % 2 === 1;
      this.set(hang ? "hang" : { status: 403 });
      setTimeout(() => this.set("pass"), forMs);
    }, everyMs);
  }

  stop(): void {
    clearInterval(this.timer);
    this.set("pass");
  }

  private set(upgrade: UpgradePolicy): void {
    for (const proxy of this.proxies) proxy.set({ upgrade });
  }
}
