import { describe, expect, it } from "vitest";
import type { CommandEntry } from "../../../src/contract/contract.js";
import type { Connection } from "../../../src/server/connection.js";
import { Reports } from "../../../src/server/reports.js";
import { Running } from "../../../src/server/running-command.js";
import { Stopping } from "../../../src/server/stopping.js";

const reports = new Reports(undefined, undefined, undefined);

type Handler = Parameters<Running["run"]>[0];

function start(handler: (running: Running) => unknown, timeoutMs = 60_000) {
  const closing = new Stopping();
  const explained: unknown[] = [];
  const command = { ack: { accepts: () => true } } as unknown as CommandEntry;
  const options = { sockets: undefined as never, timeoutMs, stopping: closing, reports };
  const running = new Running({} as Connection, command, "c1", options);
  const explain = (error: unknown) => {
    explained.push(error);
    return { code: "internal" } as const;
  };
  const answer = running.run((() => handler(running)) as unknown as Handler, {}, explain);
  return { closing, running, answer, explained };
}

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));

it("keeps no process from its end by a handler that never answers", () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const before = timers();
  start(() => new Promise(() => {}));
  expect(timers()).toBe(before);
});

describe("the signal of a running command", () => {
  it("is aborted as the server closes, whether it was asked for before or is only then", async () => {
    const early = start(({ signal }) => aborted(signal));
    let go = () => {};
    const late = start(async (running) => {
      await new Promise<void>((resolve) => {
        go = resolve;
      });
      return { done: running.signal.aborted };
    });
    for (const { closing } of [early, late]) closing.abort();
    go();
    expect(await early.answer).toEqual({ ok: true, data: {} });
    expect(await late.answer).toEqual({ ok: true, data: { done: true } });
  });

  it("is aborted already where it is first asked for after the command was answered", async () => {
    const { running, answer, closing } = start(() => new Promise(() => {}), 1);
    expect(await answer).toMatchObject({ ok: false });
    expect(running.signal.aborted).toBe(true);
    expect(closing.size).toBe(0);
  });

  it("is let go of with the answer: a server that runs for long gathers none", async () => {
    const { answer, closing } = start(({ signal }) => ({ asked: signal.aborted }));
    expect(await answer).toEqual({ ok: true, data: { asked: false } });
    expect(closing.size).toBe(0);
  });

  it("costs no look at those of others, as many of which may wait for the same thing", () => {
    const stopping = new Stopping();
    const command = {} as CommandEntry;
    const options = { sockets: undefined as never, timeoutMs: 60_000, stopping, reports };
    const waiting = Array.from({ length: 100_000 }, () => new Running({} as Connection, command, "c1", options));
    const signals = waiting.map(({ signal }) => signal);
    expect(stopping.size).toBe(waiting.length);
    stopping.abort();
    expect(signals.every(({ aborted }) => aborted)).toBe(true);
  });
});

describe("a handler", () => {
  it("that fails after its time is told of, though its sender has an answer", async () => {
    let fail: (error: Error) => void = () => {};
    const failing = new Promise<never>((_, reject) => {
      fail = reject;
    });
    const { answer, explained } = start(() => failing, 1);
    expect(await answer).toMatchObject({ ok: false });
    const error = new Error("late");
    fail(error);
    await failing.catch(() => {});
    expect(explained).toEqual([expect.objectContaining({ code: "timeout" }), error]);
  });

  it("that ends in time leaves no timer behind", async () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const before = timers();
    await Promise.all(Array.from({ length: 100 }, () => start(async () => ({})).answer));
    expect(timers() - before).toBeLessThan(50);
  });
});
