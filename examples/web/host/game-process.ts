import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import type { GameServerOptions } from "../game/game-server.js";

const root = resolve(import.meta.dirname, "..");

/** How long a killed server stays away, ms. */
export const downMs = 2_000;

/** The game's server in a process of its own. */
export interface GameProcess {
  /** Where it listens; `undefined` while it is gone. */
  readonly port: number | undefined;
  /** Ends it as a crash would; another one starts after a while. Resolves when it is gone. */
  kill(): Promise<void>;
  /** Resolves when it listens. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

/** Bundles the server, starts it, and starts it again whenever it was killed. */
export async function startGameProcess(
  options: Omit<GameServerOptions, "journalFile">,
  alias: Readonly<Record<string, string>>,
): Promise<GameProcess> {
  const cache = join(root, "node_modules/.cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "demo-"));
  const file = join(folder, "process.mjs");
  await bundle(file, alias);
  const argument = JSON.stringify({ ...options, journalFile: join(folder, "journal") });
  let child: ChildProcess;
  let port: number | undefined;
  let started = start();
  let timer: NodeJS.Timeout | undefined;

  async function start(): Promise<void> {
    child = fork(file, [argument], {
      execArgv: ["--enable-source-maps"],
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    const [message] = (await once(child, "message")) as [{ port: number }];
    port = message.port;
  }
  async function end(signal: NodeJS.Signals): Promise<void> {
    port = undefined;
    const gone = once(child, "exit");
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(signal);
      await gone;
    }
  }

  await started;
  return {
    get port() {
      return port;
    },
    async kill() {
      if (port === undefined) return;
      await end("SIGKILL");
      started = new Promise((resolve, reject) => {
        timer = setTimeout(() => start().then(resolve, reject), downMs);
      });
    },
    ready: () => started,
    async close() {
      clearTimeout(timer);
      await end("SIGTERM");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function bundle(outfile: string, alias: Readonly<Record<string, string>>): Promise<void> {
  await build({
    entryPoints: [join(root, "game/process.ts")],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    packages: "external",
    sourcemap: "inline",
    logLevel: "warning",
    alias,
  });
}
