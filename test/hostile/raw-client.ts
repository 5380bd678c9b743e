import { request } from "node:http";
import { WebSocket } from "ws";

export type Transport = "websocket" | "polling";

/** How a raw connection ended: a WebSocket's code, or the status of the request that failed; 0 for a lost link. */
export interface RawEnd {
  readonly code: number;
}

/**
 * A client that knows Engine.IO's framing and nothing above it: what it is told to send goes out as it is.
 *
 * It answers pings, unless it is told not to.
 */
export interface RawClient {
  /** Every Engine.IO packet that came, as text. */
  readonly frames: string[];
  readonly ended: RawEnd | undefined;
  /** Sends one Engine.IO packet: `4…` is a Socket.IO packet, a buffer is an attachment. */
  send(packet: string | Buffer): void;
  /** Waits for a packet that holds this text, after those that were waited for before. */
  came(part: string): Promise<string>;
  end(): Promise<RawEnd>;
  close(): void;
}

const path = "/socket.io/?EIO=4&transport=";
const timeout = 30_000;

abstract class Client {
  readonly frames: string[] = [];
  private over: RawEnd | undefined;
  private looked = 0;
  private readonly waiting = new Set<() => void>();

  get ended(): RawEnd | undefined {
    return this.over;
  }

  abstract send(packet: string | Buffer): void;
  abstract close(): void;

  protected take(packet: string): void {
    if (packet === "2") this.send("3");
    else this.frames.push(packet);
    this.tell();
  }

  protected finish(code: number): void {
    this.over ??= { code };
    this.tell();
  }

  /** Settles once something that is looked for is there; it is looked for whenever anything came. */
  until<TFound>(what: string, look: () => TFound | undefined): Promise<TFound> {
    return new Promise((resolve, reject) => {
      const attempt = () => {
        const found = look();
        if (found === undefined && this.over === undefined) return;
        this.waiting.delete(attempt);
        clearTimeout(timer);
        if (found !== undefined) resolve(found);
        else reject(new Error(`ended (${this.over?.code}) before ${what} came: ${this.frames.join(" ")}`));
      };
      const timer = setTimeout(() => {
        this.waiting.delete(attempt);
        reject(new Error(`no ${what} in time: ${this.frames.join(" ")}`));
      }, timeout);
      this.waiting.add(attempt);
      attempt();
    });
  }

  private tell(): void {
    for (const attempt of [...this.waiting]) attempt();
  }

  came(part: string): Promise<string> {
    return this.until(part, () => {
      const found = this.frames.findIndex((frame, at) => at >= this.looked && frame.includes(part));
      if (found < 0) return undefined;
      this.looked = found + 1;
      return this.frames[found];
    });
  }

  end(): Promise<RawEnd> {
    return this.until("end", () => this.over);
  }
}

class WebSocketClient extends Client implements RawClient {
  constructor(readonly socket: WebSocket) {
    super();
    socket.on("message", (data) => this.take(String(data)));
    socket.on("close", (code) => this.finish(code));
    socket.on("error", () => this.finish(0));
  }

  send(packet: string | Buffer): void {
    this.socket.send(packet);
  }

  close(): void {
    this.socket.terminate();
  }
}

class PollingClient extends Client implements RawClient {
  private sid = "";
  private writing: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(
    private readonly url: string,
    private readonly headers: Record<string, string>,
  ) {
    super();
  }

  async open(): Promise<void> {
    const { status, text } = await this.ask("GET");
    if (status !== 200) this.finish(status);
    else {
      this.sid = (JSON.parse(text.slice(1)) as { sid: string }).sid;
      this.frames.push(text);
      void this.poll();
    }
  }

  /** One packet a request; a buffer travels as base64. */
  send(packet: string | Buffer): void {
    this.sendBody(typeof packet === "string" ? packet : `b${packet.toString("base64")}`);
  }

  sendBody(body: string): void {
    this.writing = this.writing.then(async () => {
      if (this.ended || this.closed) return;
      const { status } = await this.ask("POST", body);
      if (status !== 200) this.finish(status);
    });
  }

  close(): void {
    this.closed = true;
  }

  private async poll(): Promise<void> {
    while (!this.ended && !this.closed) {
      const { status, text } = await this.ask("GET");
      if (status !== 200) this.finish(status);
      else
        for (const packet of text.split("\u001e")) {
          if (packet === "1") this.finish(1);
          else if (packet !== "6") this.take(packet);
        }
    }
  }

  private ask(method: string, body?: string): Promise<{ status: number; text: string }> {
    return new Promise((resolve) => {
      const sent = request(
        `${this.url}${path}polling${this.sid && `&sid=${this.sid}`}`,
        { method, agent: false, headers: { ...this.headers, "content-type": "text/plain;charset=UTF-8" } },
        (response) => {
          let text = "";
          response.setEncoding("utf8");
          response.on("data", (part: string) => {
            text += part;
          });
          response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
          response.on("error", () => resolve({ status: 0, text }));
        },
      );
      sent.on("error", () => resolve({ status: 0, text: "" }));
      sent.end(body);
    });
  }
}

/** Opens a raw connection; `ended` says so where it was refused. */
export async function openRaw(
  url: string,
  transport: Transport,
  headers: Record<string, string> = {},
): Promise<RawClient> {
  if (transport === "polling") {
    const client = new PollingClient(url, headers);
    await client.open();
    return client;
  }
  const client = new WebSocketClient(new WebSocket(`${url.replace("http", "ws")}${path}websocket`, { headers }));
  await client.until("handshake", () => client.frames[0]).catch(() => undefined);
  return client;
}

/** Opens a raw connection and gives a credential; `$events` may stand beside it. */
export async function enterRaw(url: string, transport: Transport, auth: object): Promise<RawClient> {
  const client = await openRaw(url, transport);
  client.send(`40${JSON.stringify(auth)}`);
  await client.came("40{");
  return client;
}
