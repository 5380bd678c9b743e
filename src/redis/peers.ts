import { randomUUID } from "node:crypto";
import { performance } from "node:perf_hooks";
import { ContractError } from "../contract/errors.js";
import type { Keys } from "./keys.js";
import type { Link } from "./link.js";
import { liveScript, orderScript, renewScript } from "./peer-scripts.js";

/** What servers tell each other; the first word says what it is. */
export type Notice = readonly string[];

/** What this server does about what it hears, or did not hear. */
export interface PeersHost {
  /** A notice to all servers, or to this one; once it returns, it was obeyed. */
  heard(notice: Notice): void;
  /** The lease began, or began again. */
  leased(): void;
  /** Messages may have been missed. */
  missed(): void;
  failed(error: unknown): void;
}

interface Awaited {
  readonly confirmed: Set<string>;
  wake(): void;
}

// Messages may be lost: what was not confirmed is said again so often, ms.
const againMs = 500;
const mostObeyed = 1_000;
// For servers that do not hear: the last orders, for a day.
const mostOrders = "100000";
const orderMs = "86400000";

/**
 * The servers that share a Redis, and whether this one hears what the others say.
 *
 * It speaks to itself, and renews its lease each time that it heard itself. Without a lease it gives its clients nothing,
 * so whoever takes a right back waits no longer than a lease for a server that is deaf, slow or dead. With each renewal it
 * reads the orders since the one before, at the first since it began, and obeys those that it has not heard before it gives
 * anything again.
 */
export class Peers {
  readonly id = randomUUID().slice(0, 8);
  private until = 0;
  private probe = 0;
  private heardProbe = 0;
  private renewing = false;
  /** From `begin` to `end`: outside of that it takes no lease, whatever is heard. */
  private begunAt: number | undefined;
  /** Orders that this server gave. */
  private orders = 0;
  /** The id of the last order that was read, or that it need not know of; empty before the first lease. */
  private read = "";
  private readonly awaited = new Map<string, Awaited>();
  /** Orders that were obeyed here lately: one that is said again is only confirmed again. */
  private readonly obeyed = new Set<string>();

  constructor(
    private readonly link: Link,
    private readonly keys: Keys,
    private readonly leaseMs: number,
    private readonly host: PeersHost,
  ) {}

  /** Whether this server may give its clients what it has: nothing was taken back that it does not know of. */
  get hasLease(): boolean {
    return performance.now() < this.until;
  }

  /** @throws {ContractError} `backend_unavailable` where this server has no lease: what was just read may not be given. */
  requireLease(): void {
    if (!this.hasLease)
      throw new ContractError("backend_unavailable", "what was missed waits until this server hears again");
  }

  /** Asks whether this server hears. */
  tick(): void {
    const text = JSON.stringify(["probe", String(++this.probe)]);
    this.link.probe(this.keys.nodes[0], "PUBLISH", this.keys.node(this.id), text).catch(() => {});
  }

  /** Comes: it takes a lease as soon as it hears itself. */
  begin(): void {
    this.begunAt = performance.now();
    this.read = "";
  }

  /** A connection is a new one, perhaps to a Redis that knows of no lease: nobody there would wait for this server. */
  lapse(): void {
    this.until = 0;
  }

  /** Goes: nobody is to wait for this server any more. */
  async end(): Promise<void> {
    this.begunAt = undefined;
    this.until = 0;
    const [leases] = this.keys.nodes;
    await this.link.send(leases, "ZREM", leases, this.id).catch(() => {});
  }

  /** Tells every server, and settles once each that has a lease obeyed; the others obey before they have one again. */
  async order(notice: Notice): Promise<void> {
    const number = String(++this.orders);
    const text = JSON.stringify(["order", this.id, number, ...notice]);
    const order: Awaited = { confirmed: new Set([this.id]), wake() {} };
    this.awaited.set(number, order);
    try {
      await this.link.run(orderScript, this.keys.nodes, [mostOrders, orderMs, this.keys.control, text]);
      this.host.heard(notice);
      for (;;) {
        const live = (await this.link.run(liveScript, this.keys.nodes, [])) as string[];
        const isObeyed = () => live.every((id) => order.confirmed.has(id));
        if (!isObeyed()) await waitFor(order, isObeyed);
        if (isObeyed()) return;
        await this.tell(text);
      }
    } finally {
      this.awaited.delete(number);
    }
  }

  /** Tells every server, this one as well; whoever is deaf does not hear it. */
  tell(text: string): Promise<unknown> {
    return this.link.send(this.keys.nodes[0], "PUBLISH", this.keys.control, text);
  }

  receive(text: string): void {
    let words: string[];
    try {
      words = JSON.parse(text) as string[];
    } catch {
      return;
    }
    const [kind, first = "", second = ""] = words;
    if (kind === "probe") this.hear(Number(first));
    else if (kind === "order") this.obey(first, second, words.slice(3));
    else if (kind === "obeyed") this.confirm(first, second);
    else this.host.heard(words);
  }

  private hear(probe: number): void {
    if (this.heardProbe !== 0 && probe > this.heardProbe + 1) this.host.missed();
    this.heardProbe = probe;
    // Also one that comes late: what was said after it is heard after it, and waited for.
    if (this.begunAt !== undefined && !this.renewing) void this.renew(this.begunAt);
  }

  private async renew(begunAt: number): Promise<void> {
    this.renewing = true;
    try {
      // Connections are let in before the first lease, and orders that came meanwhile are theirs as well.
      if (this.read === "") this.read = await this.beginning(begunAt);
      const from = performance.now();
      const args = [this.id, String(this.leaseMs), this.read];
      const [last, ...orders] = (await this.link.run(renewScript, this.keys.nodes, args)) as [string, ...string[]];
      if (this.begunAt !== begunAt) return;
      // From here on this server is waited for; before that, it may have been passed over.
      for (const text of orders) this.receive(text);
      this.read = last;
      // It may have ended while this was on its way.
      const lapsed = !this.hasLease;
      this.until = from + this.leaseMs;
      if (lapsed) this.host.leased();
    } catch (error) {
      this.host.failed(error);
    } finally {
      this.renewing = false;
    }
  }

  /** The id of an order that would have been given as this server began, or a moment before, by the clock of Redis. */
  private async beginning(begunAt: number): Promise<string> {
    const [seconds, micros] = (await this.link.send(this.keys.nodes[0], "TIME")) as [string, string];
    const ms = Number(seconds) * 1_000 + Number(micros) / 1_000;
    return `${Math.floor(ms - (performance.now() - begunAt))}-0`;
  }

  private obey(from: string, number: string, notice: Notice): void {
    if (from === this.id) return;
    const order = `${from} ${number}`;
    if (!this.obeyed.has(order)) this.host.heard(notice);
    this.obeyed.add(order);
    for (const oldest of this.obeyed) {
      if (this.obeyed.size <= mostObeyed) break;
      this.obeyed.delete(oldest);
    }
    const text = JSON.stringify(["obeyed", number, this.id]);
    this.link.send(this.keys.nodes[0], "PUBLISH", this.keys.node(from), text).catch(() => {});
  }

  private confirm(number: string, id: string): void {
    const order = this.awaited.get(number);
    order?.confirmed.add(id);
    order?.wake();
  }
}

function waitFor(order: Awaited, isDone: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, againMs);
    order.wake = () => {
      if (!isDone()) return;
      clearTimeout(timer);
      resolve();
    };
  });
}
