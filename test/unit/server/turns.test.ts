import { afterEach, expect, it, vi } from "vitest";
import { Turns } from "../../../src/server/turns.js";

afterEach(() => void vi.useRealTimers());

/** A task that ends when it is told to, and notes when it starts. */
function taskOf(name: string, started: string[]) {
  let end = (_error?: Error): void => {};
  const task = () => {
    started.push(name);
    return new Promise<string>((resolve, reject) => {
      end = (error) => (error ? reject(error) : resolve(name));
    });
  };
  return { task, end: (error?: Error) => end(error) };
}

it("takes tasks of one key one after the other, at once where there is none, and those of others meanwhile", async () => {
  const turns = new Turns();
  const started: string[] = [];
  const [first, second, other] = [taskOf("first", started), taskOf("second", started), taskOf("other", started)];
  const results = [turns.take("key", first.task), turns.take("key", second.task), turns.take("else", other.task)];
  expect(started).toEqual(["first", "other"]);
  first.end();
  other.end();
  await vi.waitFor(() => expect(started).toEqual(["first", "other", "second"]));
  second.end();
  expect(await Promise.all(results)).toEqual(["first", "second", "other"]);
  const third = taskOf("third", started);
  void turns.take("key", third.task);
  expect(started.at(-1)).toBe("third");
});

it("goes on after a task that failed, whose failure is its own", async () => {
  const turns = new Turns();
  const started: string[] = [];
  const [first, second] = [taskOf("first", started), taskOf("second", started)];
  const failed = turns.take("key", first.task);
  const done = turns.take("key", second.task);
  first.end(new Error("failed"));
  await expect(failed).rejects.toThrow("failed");
  await vi.waitFor(() => expect(started).toEqual(["first", "second"]));
  second.end();
  expect(await done).toBe("second");
});

it("waits no longer than its patience for a task that never ends", async () => {
  vi.useFakeTimers();
  const turns = new Turns(1_000);
  const started: string[] = [];
  for (const name of ["first", "second"]) void turns.take("key", taskOf(name, started).task);
  await vi.advanceTimersByTimeAsync(999);
  expect(started).toEqual(["first"]);
  await vi.advanceTimersByTimeAsync(1);
  expect(started).toEqual(["first", "second"]);
  expect(vi.getTimerCount()).toBe(0);
});
