import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createConnection, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Availability, requireOrSkip } from "../support/required-service.js";

function findRedis(): Availability {
  try {
    execFileSync("redis-server", ["--version"], { stdio: "ignore" });
    return { available: true };
  } catch {
    return { available: false, reason: "apt-get install redis-server, or brew install redis" };
  }
}

/** `describe` for tests that need a `redis-server` on this machine. */
export const describeRedis = requireOrSkip("redis-server", findRedis());

/** A `redis-server` of its own, in a folder of its own. */
export interface RedisServer {
  readonly port: number;
  readonly pid: number;
  /** Ends it at once, and settles when it is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same port and folder, and settles when it answers. */
  start(): Promise<void>;
  signal(name: "SIGSTOP" | "SIGCONT"): void;
  /** Runs a command over a connection of its own, as `redis-cli` would. */
  command(...words: string[]): Promise<string>;
  close(): Promise<void>;
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

export async function startRedis(...options: string[]): Promise<RedisServer> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "gestaloka-redis-"));
  let child: ChildProcess | undefined;
  let gone: Promise<void> = Promise.resolve();

  async function start(): Promise<void> {
    const persistence = options.includes("--appendonly") ? [] : ["--save", ""];
    const args = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, ...persistence, ...options];
    const started = spawn("redis-server", args, { stdio: "ignore" });
    child = started;
    gone = new Promise((resolve) => started.once("exit", () => resolve()));
    for (;;) {
      try {
        if ((await command("PING")).includes("PONG")) return;
      } catch {
        // Not there yet.
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  function command(...words: string[]): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = createConnection(port, "127.0.0.1");
      let reply = "";
      socket.once("error", reject);
      socket.on("data", (chunk) => {
        reply += chunk;
        // QUIT's own +OK ends every reply.
        if (reply.endsWith("+OK\r\n")) socket.end();
      });
      socket.once("close", () => resolve(reply.slice(0, -"+OK\r\n".length)));
      const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join("");
      socket.write(`*${words.length}\r\n${parts}*1\r\n$4\r\nQUIT\r\n`);
    });
  }

  await start();
  return {
    port,
    get pid() {
      return child?.pid as number;
    },
    async kill() {
      child?.kill("SIGKILL");
      await gone;
    },
    start,
    signal: (name) => child?.kill(name),
    command,
    async close() {
      child?.kill("SIGKILL");
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
