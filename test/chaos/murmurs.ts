import { setTimeout as sleep } from "node:timers/promises";
import type { Child } from "./child.js";
import type { ClientsProgress } from "./clients-child.js";
import type { Front } from "./front.js";
import { steadyCount } from "./layout.js";
import type { Progress } from "./progress.js";
import type { ServerStats } from "./server-child.js";
import type { Servers } from "./servers.js";

/** Large low events to clients that read slowly and are not cut: what is dropped must be what is counted. */
export class Murmurs {
  addressed = 0;
  handled = 0;
  counted = 0;
  twice = 0;
  /** Steady clients that lost their connection meanwhile, so that nothing can be said of them. */
  lost = 0;

  constructor(
    private readonly servers: Servers,
    private readonly clients: Child,
    private readonly front: Front,
    private readonly say: Progress,
  ) {}

  async murmur(): Promise<void> {
    const { servers, front, clients } = this;
    const before = await servers.ask({ do: "stats" });
    const earlier = await clients.ask<ClientsProgress>({ do: "progress" });
    const set = (mode: "stall" | "pass") => {
      for (const { connections } of front.steady)
        for (const connection of connections) connection.set({ toClient: { mode } });
    };
    // Shorter than a ping's timeout, and more than the system's buffers take.
    set("stall");
    await servers.murmur(300);
    await sleep(800);
    await servers.murmur(0);
    await sleep(200);
    set("pass");
    const { after, later } = await this.quiet();
    this.twice = later.murmursTwice;
    for (let index = 0; index < steadyCount; index++) {
      const connection = later.steadyConnections[index] as number;
      if (connection < 0 || connection !== earlier.steadyConnections[index]) {
        this.lost++;
        continue;
      }
      const name = `murmur_${index}`;
      const addressed = (after.murmurs[index] as number) - (before.murmurs[index] as number);
      const handled = (later.murmurs[index] as number) - (earlier.murmurs[index] as number);
      const counted = (after.dropped[name] ?? 0) - (before.dropped[name] ?? 0);
      this.addressed += addressed;
      this.handled += handled;
      this.counted += counted;
      if (addressed !== handled + counted)
        this.say(`${name}: ${addressed} addressed, ${handled} handled, ${counted} counted as dropped`);
    }
  }

  /** Waits until no more of what was murmured comes: a slow machine takes its time to deliver it. */
  private async quiet(): Promise<{ after: ServerStats; later: ClientsProgress }> {
    const sum = (numbers: readonly number[]) => numbers.reduce((one, other) => one + other, 0);
    let calm = 0;
    let before = -1;
    for (const begun = performance.now(); ; await sleep(250)) {
      const after = await this.servers.ask({ do: "stats" });
      const later = await this.clients.ask<ClientsProgress>({ do: "progress" });
      const handled = sum(later.murmurs);
      calm = handled === before ? calm + 1 : 0;
      before = handled;
      if (calm >= 6 || performance.now() - begun > 20_000) return { after, later };
    }
  }
}
