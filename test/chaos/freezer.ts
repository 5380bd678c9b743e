import { setTimeout as sleep } from "node:timers/promises";
import type { Child } from "./child.js";

/**
 * Stops one of several processes and lets it go on: a machine that sleeps, or whose loop stands still.
 *
 * Its connections stay open meanwhile, and all its timers are due at once afterwards.
 */
export class Freezer {
  count = 0;
  /** The longest, ms. */
  longest = 0;

  /** `most`: no process is stopped for longer, ms. */
  constructor(
    private readonly random: () => number,
    private readonly most: number,
  ) {}

  async freeze(children: readonly Child[]): Promise<void> {
    const child = children[Math.floor(this.random() * children.length)] as Child;
    // Many of them last longer than a ping may take.
    const ms = Math.round(200 + this.random() * (this.random() < 0.5 ? 1_500 : this.most - 200));
    child.signal("SIGSTOP");
    await sleep(ms);
    child.signal("SIGCONT");
    this.count++;
    this.longest = Math.max(this.longest, ms);
  }
}
