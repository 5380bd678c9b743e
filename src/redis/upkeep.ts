import { performance } from "node:perf_hooks";
import { ContractError } from "../contract/errors.js";
import type { DriverEvents } from "./driver.js";
import { told } from "./link.js";
import type { RedisParts } from "./redis-parts.js";
import { scripts } from "./scripts.js";

/** How often things that nothing announces are done, ms. */
export interface UpkeepPace {
  readonly compareMs: number;
  readonly presenceLeaseMs: number;
}

const tickMs = 1_000;
// Connections through which nothing has come for so long are made anew.
const renewMs = 10_000;

/** Keeps a backend connected, sure that it hears, and in step with Redis, from `start` to `stop`. */
export class Upkeep {
  /** Whether there are members here; a worker has none, and only emits. */
  private hears = false;
  /** What was asked before it stopped is still being answered; whoever starts it meanwhile connects after that. */
  private stopping = false;
  private timer: NodeJS.Timeout | undefined;
  private comparedAt = 0;
  private renewedAt = 0;
  /** Time as it passed here, ms: while this process stood still, messages came that it has not read. */
  private unsoundMs = 0;
  private tickedAt = 0;

  constructor(
    private readonly parts: RedisParts,
    private readonly pace: UpkeepPace,
  ) {}

  /** Whether commands are answered and carried out and, where there are members, whether this server hears. */
  get isSound(): boolean {
    const { link, driver, peers } = this.parts;
    return link.up && !link.readOnly && (!this.hears || (driver.listening && peers.hasLease));
  }

  start(): void {
    const { driver, link } = this.parts;
    this.tickedAt = performance.now();
    this.unsoundMs = 0;
    this.timer = setInterval(() => this.tick(), tickMs).unref();
    link.open();
    if (!this.stopping) driver.open(this.events);
  }

  /** There are members from now on; settles once this server hears, or it takes too long. */
  listen(): Promise<void> {
    const { driver, opening, peers } = this.parts;
    if (!this.hears) {
      this.hears = true;
      peers.begin();
      opening.begin();
      if (!this.stopping) driver.listen();
    }
    return opening.promise;
  }

  async stop(): Promise<void> {
    const { driver, link, opening, peers, presence } = this.parts;
    clearInterval(this.timer);
    this.timer = undefined;
    this.hears = false;
    opening.end(new ContractError("backend_unavailable", "the backend was closed"));
    this.stopping = true;
    // Nobody is to wait for a server that has gone.
    await Promise.all([peers.end(), presence.close().then(() => link.drain())]);
    this.stopping = false;
    if (this.timer) {
      this.reconnect();
      return;
    }
    link.close();
    driver.close();
  }

  private readonly events: DriverEvents = {
    ready: () => {
      const { link, local, commands, peers } = this.parts;
      link.connected(scripts);
      local.endAll();
      commands.resume();
      peers.lapse();
      if (this.hears) peers.tick();
    },
    forgotten: () => this.parts.feeds.forgotten(),
    listening: () => {
      const { driver, feeds, keys, peers, servers } = this.parts;
      peers.lapse();
      Promise.all([keys.control, keys.node(peers.id)].map((channel) => driver.subscribe(channel)))
        .then(() => peers.tick())
        .then(() => feeds.resume())
        .catch((error) => servers.failed(told(error)));
    },
    message: (channel, text) => {
      const { driver, feeds, keys, peers, servers } = this.parts;
      try {
        const room = keys.roomOf(channel);
        if (room === undefined) peers.receive(text);
        else if (driver.listening && peers.hasLease) feeds.receive(room, text);
      } catch (error) {
        // The client that calls this has nobody to tell.
        servers.failed(error);
      }
    },
    error: (error) => {
      const { driver, link, servers } = this.parts;
      if (!driver.ready) link.trouble = error;
      servers.failed(told(error));
    },
  };

  private tick(): void {
    const { commands, feeds, keys, link, local, peers, presence, servers } = this.parts;
    const now = performance.now();
    if (this.hears) peers.tick();
    else if (!link.up) link.probe(keys.nodes[0], "EXISTS", keys.nodes[0]).catch(() => {});
    this.unsoundMs = this.isSound ? 0 : this.unsoundMs + Math.min(now - this.tickedAt, 2 * tickMs);
    this.tickedAt = now;
    if (this.unsoundMs >= renewMs) this.reconnect();
    if (!link.up) return;
    local.endAll();
    commands.tick();
    feeds.tick();
    if (now - this.renewedAt >= this.pace.presenceLeaseMs / 3) {
      this.renewedAt = now;
      presence.renew().catch((error) => servers.failed(error));
    }
    if (now - this.comparedAt < this.pace.compareMs) return;
    this.comparedAt = now;
    void feeds.compare("on their way");
  }

  /** A link may be dead and not say so; both connections are made anew, and every room is subscribed again. */
  private reconnect(): void {
    const { driver, feeds } = this.parts;
    this.unsoundMs = 0;
    driver.close();
    driver.open(this.events);
    if (this.hears) driver.listen();
    feeds.forgotten();
  }
}
