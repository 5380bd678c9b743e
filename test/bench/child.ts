import { type ChildProcess, fork } from "node:child_process";
import { resolve } from "node:path";

/** A process of the benchmark that answers one request at a time. */
export interface Child {
  ask<TAnswer>(request: object): Promise<TAnswer>;
  stop(): void;
}

/** Starts `file` of this folder in a process of its own. */
export function startChild(file: string, execArgv: readonly string[] = []): Child {
  const child: ChildProcess = fork(resolve(import.meta.dirname, file), [], {
    execArgv: ["--import", "jiti/register", ...execArgv],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  let id = 0;
  const waiting = new Map<number, { resolve: (answer: never) => void; reject: (error: Error) => void }>();
  child.on("message", (message: { id: number; answer?: never; error?: string }) => {
    const waiter = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.error === undefined) waiter?.resolve(message.answer as never);
    else waiter?.reject(new Error(`${file}: ${message.error}`));
  });
  child.on("exit", (code) => {
    for (const waiter of waiting.values()) waiter.reject(new Error(`${file} ended with ${code}`));
  });
  return {
    ask: (request) =>
      new Promise((resolvePromise, reject) => {
        waiting.set(++id, { resolve: resolvePromise as never, reject });
        child.send({ id, request });
      }),
    stop: () => child.kill(),
  };
}

/** The other side: answers every request of the parent. */
export function answerParent(answer: (request: never) => Promise<unknown>): void {
  process.on("message", ({ id, request }: { id: number; request: never }) => {
    answer(request).then(
      (result) => process.send?.({ id, answer: result }),
      (error: Error) => process.send?.({ id, error: error.stack ?? error.message }),
    );
  });
}

/** What a piece of work took. */
export interface Cost {
  /** User and system time of the process, in µs. */
  readonly cpuUs: number;
  readonly wallMs: number;
}

/** Begins to measure; the function that comes back says what has been used since. */
export function startCost(): () => Cost {
  const cpu = process.cpuUsage();
  const start = performance.now();
  return () => {
    const used = process.cpuUsage(cpu);
    return { cpuUs: used.user + used.system, wallMs: performance.now() - start };
  };
}

/** Measures a piece of work. */
export async function costOf(work: () => Promise<void>): Promise<Cost> {
  const cost = startCost();
  await work();
  return cost();
}
