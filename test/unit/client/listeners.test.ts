import { describe, expect, it } from "vitest";
import { createListeners, type EventMeta } from "../../../src/client/listeners.js";

const meta: EventMeta = { room: undefined, seq: undefined, at: undefined, replayed: false };

describe("listeners", () => {
  it("calls handlers in the order of registration, and goes on after one that throws", () => {
    const failures: unknown[] = [];
    const called: number[] = [];
    const listeners = createListeners((error, name) => failures.push([name, (error as Error).message]));
    listeners.add("a", () => called.push(1), false);
    listeners.add(
      "a",
      () => {
        throw new Error("two");
      },
      false,
    );
    listeners.add("a", () => called.push(3), false);
    expect(listeners.call("a", {}, meta)).toBe(true);
    expect(called).toEqual([1, 3]);
    expect(failures).toEqual([["a", "two"]]);
  });

  it("reports what an asynchronous handler was rejected with", async () => {
    const failures: unknown[] = [];
    const listeners = createListeners((error) => failures.push((error as Error).message));
    listeners.add(
      "a",
      async () => {
        throw new Error("late");
      },
      false,
    );
    listeners.call("a", {}, meta);
    await Promise.resolve();
    await Promise.resolve();
    expect(failures).toEqual(["late"]);
  });

  it("takes out one registration with the function it gave, and all of a handler with remove", () => {
    let calls = 0;
    const handler = () => void calls++;
    const listeners = createListeners(() => {});
    const off = listeners.add("a", handler, false);
    listeners.add("a", handler, false);
    off();
    off();
    listeners.call("a", {}, meta);
    expect(calls).toBe(1);
    listeners.add("a", handler, false);
    listeners.remove("a", handler);
    expect(listeners.call("a", {}, meta)).toBe(false);
    expect(calls).toBe(1);
  });

  it("calls a once handler once, also where its event is called again from within it, and removes it by its function", () => {
    let calls = 0;
    const listeners = createListeners(() => {});
    listeners.add(
      "a",
      () => {
        calls++;
        listeners.call("a", {}, meta);
      },
      true,
    );
    listeners.call("a", {}, meta);
    expect(calls).toBe(1);
    const handler = () => void calls++;
    listeners.add("b", handler, true);
    listeners.remove("b", handler);
    listeners.call("b", {}, meta);
    expect(calls).toBe(1);
  });

  it("does not call a handler that another one took out during the same call, nor one that it added", () => {
    const called: string[] = [];
    const listeners = createListeners(() => {});
    let off = () => {};
    listeners.add(
      "a",
      () => {
        off();
        listeners.add("a", () => called.push("added"), false);
      },
      false,
    );
    off = listeners.add("a", () => called.push("removed"), false);
    listeners.call("a", {}, meta);
    expect(called).toEqual([]);
  });

  it("has no handlers under names of object prototypes", () => {
    const listeners = createListeners(() => {});
    for (const name of ["__proto__", "constructor", "toString"]) expect(listeners.call(name, {}, meta)).toBe(false);
  });
});
