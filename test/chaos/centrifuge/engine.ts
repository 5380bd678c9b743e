import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** What the engine's process says of itself. */
export interface EngineStats {
  readonly port: number;
  readonly connections: number;
  readonly rss: number;
  readonly cpuMs: number;
  /** Of what is reachable, after `collect`. */
  readonly heap: number;
  /** By user, when the server last closed a connection, Unix ms, and why. */
  readonly closed: Readonly<Record<string, { readonly at: number; readonly code: number; readonly reason: string }>>;
}

/** Centrifugo's engine in a process of its own. */
export interface Engine {
  readonly port: number;
  /** Into a channel, and into its history where it is logged. */
  publish(channel: string, data: object, log: boolean): void;
  /** Answered when all that was published before is in the engine. */
  ask(what: "stats" | "collect" | "drop"): Promise<EngineStats>;
  close(): void;
}

export interface EngineOptions {
  readonly port: number;
  readonly historySize: number;
  readonly pingMs: number;
  readonly pongMs: number;
}

/** Starts a built engine, and resolves once it listens. */
export async function startEngine(file: string, options: EngineOptions): Promise<Engine> {
  const { port, historySize, pingMs, pongMs } = options;
  const child = spawn(
    file,
    [`-port=${port}`, `-history-size=${historySize}`, "-history-ttl=10m", `-ping=${pingMs}ms`, `-pong=${pongMs}ms`],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  const waiting: ((stats: EngineStats) => void)[] = [];
  const answered = () => new Promise<EngineStats>((resolve) => waiting.push(resolve));
  createInterface({ input: child.stdout }).on("line", (line) => waiting.shift()?.(JSON.parse(line) as EngineStats));
  child.once("exit", (code) => {
    throw new Error(`Centrifugo's engine ended with ${code}`);
  });
  const started = await answered();
  return {
    port: started.port,
    publish: (channel, data, log) =>
      void child.stdin.write(`${log ? "log" : "pass"} ${channel} ${JSON.stringify(data)}\n`),
    ask(what) {
      child.stdin.write(`ask ${what}\n`);
      return answered();
    },
    close() {
      child.removeAllListeners("exit");
      child.stdin.end();
    },
  };
}
