import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { basename } from "node:path";

/** A process of the harness that answers requests of its parent. */
export interface Child {
  ask<TAnswer>(request: object): Promise<TAnswer>;
  readonly pid: number;
  /** To it, and to what it started where it leads a group. */
  signal(name: "SIGSTOP" | "SIGCONT" | "SIGKILL"): void;
  /** Ends it as a crash would, and resolves once it is gone. */
  kill(): Promise<void>;
  /** Asks it to end; resolves with its exit code. */
  terminate(): Promise<number | null>;
}

/**
 * Starts a bundled file in a process of its own; typed arrays pass as they are. One that leads a group is stopped and killed
 * with what it started.
 */
export function startChild(path: string, execArgv: readonly string[] = [], leads = false): Child {
  const file = basename(path);
  const child: ChildProcess = fork(path, [], {
    execArgv: ["--enable-source-maps", ...execArgv],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    serialization: "advanced",
    detached: leads,
  });
  let id = 0;
  const waiting = new Map<number, { resolve: (answer: never) => void; reject: (error: Error) => void }>();
  child.on("message", (message: { id: number; answer?: never; error?: string }) => {
    const waiter = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.error === undefined) waiter?.resolve(message.answer as never);
    else waiter?.reject(new Error(`${file}: ${message.error}`));
  });
  const gone = once(child, "exit").then(([code, signal]) => {
    for (const waiter of waiting.values()) waiter.reject(new Error(`${file} ended with ${code ?? signal}`));
    waiting.clear();
    return code as number | null;
  });
  const pid = child.pid as number;
  const signal: Child["signal"] = (name) => void process.kill(leads ? -pid : pid, name);
  return {
    pid,
    signal,
    ask: (request) =>
      new Promise((resolveAnswer, reject) => {
        if (!child.connected) {
          reject(new Error(`${file} is gone`));
          return;
        }
        waiting.set(++id, { resolve: resolveAnswer as never, reject });
        child.send({ id, request });
      }),
    async kill() {
      if (child.exitCode === null && child.signalCode === null) signal("SIGKILL");
      await gone;
    },
    terminate() {
      child.kill("SIGTERM");
      return gone;
    },
  };
}

/** The other side: answers every request, and ends with its parent. */
export function answerParent(answer: (request: never) => Promise<unknown>): void {
  process.on("disconnect", () => process.exit());
  process.on("message", ({ id, request }: { id: number; request: never }) => {
    answer(request).then(
      (result) => process.send?.({ id, answer: result }),
      (error: Error) => process.send?.({ id, error: error.stack ?? error.message }),
    );
  });
}
