const minuteMs = 60_000;

/** Counts handshakes by address, afresh each minute, so that what it keeps is bounded by what came in that minute. */
export class HandshakeLimit {
  private readonly counts = new Map<string, number>();
  private since = Number.NEGATIVE_INFINITY;

  constructor(private readonly limit: number) {}

  take(address: string, now: number): boolean {
    if (now - this.since >= minuteMs) {
      this.counts.clear();
      this.since = now;
    }
    const network = networkOf(address);
    const count = (this.counts.get(network) ?? 0) + 1;
    this.counts.set(network, count);
    return count <= this.limit;
  }
}

/** The network that counts as one client: an IPv4 address, or the 64 bits of an IPv6 one, the rest of which is free to choose. */
function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped) return mapped[1] as string;
  if (!address.includes(":")) return address;
  const [head = "", tail] = address.toLowerCase().split("%", 1)[0]?.split("::") ?? [];
  const groups = head === "" ? [] : head.split(":");
  const missing = tail === undefined ? 0 : 8 - groups.length - (tail === "" ? 0 : tail.split(":").length);
  const whole = [...groups, ...new Array<string>(Math.max(0, missing)).fill("0"), ...(tail ? tail.split(":") : [])];
  return whole
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":");
}
