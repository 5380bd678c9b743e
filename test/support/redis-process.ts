import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { freePort } from "./free-port.js";
import type { Availability } from "./required-service.js";

/** Whether there is a `redis-server` on this machine. */
export function findRedis(): Availability {
  try {
    execFileSync("redis-server", ["--version"], { stdio: "ignore" });
    return { available: true };
  } catch {
    return { available: false, reason: "apt-get install redis-server, or brew install redis" };
  }
}

/** A redis-server of one's own on a free port of 127.0.0.1, without persistence unless its arguments say so. */
export class RedisProcess {
  private child: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly folder: string,
    private readonly args: readonly string[],
  ) {}

  static async start(...args: string[]): Promise<RedisProcess> {
    const redis = new RedisProcess(await freePort(), mkdtempSync(join(tmpdir(), "redis-")), args);
    await redis.start();
    return redis;
  }

  /** Starts it on the same port and folder; resolves when it takes connections. */
  async start(): Promise<void> {
    const { port, folder, args } = this;
    const fixed = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, "--save", ""];
    const child = spawn("redis-server", [...fixed, ...args], { stdio: ["ignore", "pipe", "inherit"] });
    this.child = child;
    const said: string[] = [];
    for await (const line of createInterface(child.stdout)) {
      said.push(line);
      if (!line.includes("Ready to accept connections")) continue;
      child.stdout.resume();
      return;
    }
    throw new Error(`redis-server did not start: ${said.join("\n")}`);
  }

  /** Ends it as a crash would. */
  async kill(): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  }

  signal(signal: "SIGSTOP" | "SIGCONT"): void {
    this.child?.kill(signal);
  }

  async close(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** What it answers to one command, over a connection of its own, raw. */
  async command(...words: string[]): Promise<string> {
    const socket = connect(this.port, "127.0.0.1");
    let answer = "";
    socket.setEncoding("utf8").on("data", (text: string) => {
      answer += text;
    });
    const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join("");
    socket.write(`*${words.length}\r\n${parts}*1\r\n$4\r\nQUIT\r\n`);
    await once(socket, "close");
    return answer.replace(/\+OK\r\n$/, "");
  }
}
