import { performance } from "node:perf_hooks";
import type { Cursor } from "../delivery/recovery.js";
import type { StoredEvent } from "../delivery/stored-event.js";
import type { BackendNode } from "../server/backend.js";
import type { Notice } from "./peers.js";

// Whoever tries to connect fails often, and one word in so many ms is enough.
const reportMs = 1_000;

/** The event servers of this process, which mostly is one. */
export class LocalServers {
  private readonly nodes: BackendNode[] = [];
  private reportedAt = Number.NEGATIVE_INFINITY;

  add(node: BackendNode): void {
    this.nodes.push(node);
  }

  remove(node: BackendNode): void {
    const place = this.nodes.indexOf(node);
    if (place >= 0) this.nodes.splice(place, 1);
  }

  deliver(room: string, event: StoredEvent, except: string | undefined): void {
    for (const node of this.nodes) node.deliver(room, event, except);
  }

  revoked(room: string, userId: string): void {
    for (const node of this.nodes) node.revoked(room, userId);
  }

  stands(room: string, head: Cursor): void {
    for (const node of this.nodes) node.stands(room, head);
  }

  /** One of them says it, to all servers; each may have a contract of its own. */
  gone(room: string, userId: string): void {
    this.nodes.some((node) => node.gone(room, userId));
  }

  /** As above. */
  came(room: string, userId: string): void {
    this.nodes.some((node) => node.came(room, userId));
  }

  obey([kind, first = "", second = "", third = ""]: Notice): void {
    if (kind === "revoked") this.revoked(first, second);
    else if (kind === "disconnect") for (const node of this.nodes) node.disconnectUser(first, second);
    else if (kind === "evict") for (const node of this.nodes) node.evict(first, second, third);
  }

  failed(error: unknown): void {
    const now = performance.now();
    if (now - this.reportedAt < reportMs) return;
    this.reportedAt = now;
    for (const node of this.nodes) node.failed(error);
  }
}
