import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server, type ServerOptions, type Socket } from "socket.io";
import { closedAtEnd } from "./closed-at-end.js";

type Answer = (answer: unknown) => void;

/** A frame of the library's that a client sent, and the means to answer it. */
export interface Asked {
  readonly name: string;
  readonly body: unknown;
  readonly args: readonly unknown[];
  readonly answer: Answer;
  readonly socket: Socket;
}

/**
 * A bare Socket.IO server that says exactly what a test tells it to, for what a real one does only when something goes
 * wrong, until the test is over. Everything that a client sends waits in order until the test takes it.
 */
export class ScriptedServer {
  readonly sockets: Socket[] = [];
  /** `undefined` for a server that does not announce itself. */
  hello: object | undefined = {};
  /** Refuses the next connections with this code. */
  refusal: { readonly code: string } | undefined;
  readonly auths: Record<string, unknown>[] = [];
  readonly asked: Asked[] = [];
  private readonly waiting: { readonly name: string; readonly take: (asked: Asked) => void }[] = [];
  private readonly connected: ((socket: Socket) => void)[] = [];

  private constructor(
    readonly io: Server,
    readonly url: string,
    readonly port: number,
  ) {
    io.use((socket, next) => {
      this.auths.push(socket.handshake.auth);
      const { refusal } = this;
      next(refusal && Object.assign(new Error(refusal.code), { data: refusal }));
    });
    io.on("connection", (socket) => {
      this.sockets.push(socket);
      socket.onAny((name: string, ...args: unknown[]) => {
        const last = args.at(-1);
        const answer = (typeof last === "function" ? args.pop() : () => {}) as Answer;
        const asked: Asked = { name, body: args[0], args, answer, socket };
        const index = this.waiting.findIndex((one) => one.name === name);
        if (index >= 0) this.waiting.splice(index, 1)[0]?.take(asked);
        else this.asked.push(asked);
      });
      if (this.hello) this.sayHello(socket);
      for (const resolve of this.connected.splice(0)) resolve(socket);
    });
  }

  static async start(options: Partial<ServerOptions> = {}, port = 0): Promise<ScriptedServer> {
    const http = createServer();
    const io = new Server(http, options);
    await new Promise<void>((resolve) => http.listen(port, "127.0.0.1", resolve));
    const address = http.address() as AddressInfo;
    return closedAtEnd(new ScriptedServer(io, `http://127.0.0.1:${address.port}`, address.port));
  }

  sayHello(socket: Socket): void {
    socket.emit("$hello", {
      v: 1,
      contract: "harbour@1.0.0",
      user_id: "ada",
      features: ["recovery", "packs", "answers"],
      limits: { payload_bytes: 65_536, answer_ms: 300_000 },
      rooms: [],
      ...this.hello,
    });
  }

  /** Ends the connection that was opened last, as a network does. */
  drop(): void {
    this.sockets.at(-1)?.conn.close();
  }

  /** The next connection. */
  connection(): Promise<Socket> {
    return new Promise((resolve) => this.connected.push(resolve));
  }

  /** The next frame of this name that was not taken yet. */
  next(name: string): Promise<Asked> {
    const index = this.asked.findIndex((asked) => asked.name === name);
    if (index >= 0) return Promise.resolve(this.asked.splice(index, 1)[0] as Asked);
    return new Promise((take) => this.waiting.push({ name, take }));
  }

  async close(): Promise<void> {
    await this.io.close();
  }
}
