import { expect, it, vi } from "vitest";
import { createConnectionStore } from "../../../src/client/connection-store.js";

it("gives the same snapshot until something changes, and tells subscribers of changes alone", () => {
  const store = createConnectionStore();
  const changed = vi.fn();
  const off = store.subscribe(changed);
  const first = store.getSnapshot();
  expect(first).toMatchObject({ status: "idle", attempt: 0 });
  store.update({ status: "idle", attempt: 0 });
  expect(store.getSnapshot()).toBe(first);
  expect(changed).not.toHaveBeenCalled();
  store.update({ status: "connecting" });
  expect(store.getSnapshot()).not.toBe(first);
  expect(first.status).toBe("idle");
  // It takes nothing: a function with parameters of its own can be given.
  expect(changed.mock.calls).toEqual([[]]);
  off();
  store.update({ status: "connected" });
  expect(changed).toHaveBeenCalledTimes(1);
});

it("counts two subscriptions of one function as two", () => {
  const store = createConnectionStore();
  let changes = 0;
  const changed = () => void changes++;
  const off = store.subscribe(changed);
  store.subscribe(changed);
  off();
  store.update({ attempt: 1 });
  expect(changes).toBe(1);
});

it("calls nobody who has unsubscribed meanwhile", () => {
  const store = createConnectionStore();
  let changes = 0;
  store.subscribe(() => off());
  const off = store.subscribe(() => void changes++);
  store.update({ attempt: 1 });
  expect(changes).toBe(0);
});

it("goes on where a subscriber throws, and leaves the error to the platform", () => {
  const later = vi.spyOn(globalThis, "queueMicrotask").mockImplementation(() => {});
  const store = createConnectionStore();
  let changes = 0;
  store.subscribe(() => {
    throw new Error("subscriber");
  });
  store.subscribe(() => void changes++);
  store.update({ attempt: 1 });
  expect(changes).toBe(1);
  expect(later.mock.calls[0]?.[0]).toThrow("subscriber");
  later.mockRestore();
});
