import { expect, it, onTestFinished, vi } from "vitest";
import type { Driver } from "../../../src/redis/driver.js";
import { Link } from "../../../src/redis/link.js";
import { toScript } from "../../../src/redis/script.js";

const limits = { timeoutMs: 300, maxCommands: 10, maxCharacters: 1_000 };

it("lets nothing wait for a command that its client never answers, once that is given up", async () => {
  const sent: string[] = [];
  const driver: Partial<Driver> = {
    ready: true,
    send: (_, [name = ""]) => {
      sent.push(name);
      if (name === "EVALSHA") return Promise.reject(new Error("NOSCRIPT No matching script."));
      return name === "EVAL" ? Promise.resolve(1) : new Promise(() => {});
    },
  };
  const link = new Link(driver as Driver, limits);
  link.connected([]);
  const lost = link.send("key", "GET", "key");
  const first = link.run(toScript("return 1"), ["key"], []);
  await expect(lost).rejects.toMatchObject({ code: "log_unknown" });
  await expect(first).rejects.toMatchObject({ code: "backend_unavailable" });
  link.connected([]);
  expect(await link.run(toScript("return 1"), ["key"], [])).toBe(1);
  expect(sent).toEqual(["GET", "EVALSHA", "EVALSHA", "EVAL"]);
  link.close();
});

it("asks a cluster only so often where something is kept, though its servers say of each other that they have it", async () => {
  let asked = 0;
  const driver: Partial<Driver> = {
    ready: true,
    single: false,
    send: () => Promise.reject(new Error("MOVED 1 127.0.0.1:6379")),
    relocate: async () => void asked++,
  };
  const link = new Link(driver as Driver, limits);
  link.connected([]);
  await expect(link.send("key", "GET", "key")).rejects.toMatchObject({ code: "backend_unavailable" });
  expect(asked).toBe(16);
  link.close();
  // A client for one server has no other to ask about.
  const single = new Link({ ...driver, single: true } as Driver, limits);
  single.connected([]);
  await expect(single.send("key", "GET", "key")).rejects.toMatchObject({ code: "backend_unavailable" });
  expect(asked).toBe(16);
  single.close();
});

it("sends nothing while a cluster is asked where its keys are kept, and then all of it in order", async () => {
  const sent: string[] = [];
  let located = () => {};
  const driver: Partial<Driver> = {
    ready: true,
    single: false,
    async send(_, [name = ""]) {
      sent.push(name);
      if (sent.length === 1) throw new Error("MOVED 1 127.0.0.1:6379");
      return name;
    },
    relocate: () =>
      new Promise((resolve) => {
        located = resolve;
      }),
  };
  const link = new Link(driver as Driver, limits);
  link.connected([]);
  const first = link.send("key", "GET", "key");
  await new Promise(setImmediate);
  const second = link.send("key", "TTL", "key");
  // As a connection is made anew meanwhile.
  link.connected([]);
  expect(sent).toEqual(["GET"]);
  located();
  expect(await Promise.all([first, second])).toEqual(["GET", "TTL"]);
  expect(sent).toEqual(["GET", "GET", "TTL"]);
  link.close();
});

it("knows that its Redis follows another from a script that it refused to one that it carries out, or to a new connection", async () => {
  const words = [
    "READONLY You can't write against a read only replica.",
    // As Redis 6 says it.
    "ERR Error running script (call to f_1): @user_script:1: @user_script: 1: -READONLY You can't write against a replica.",
  ];
  let refuses: string | undefined;
  const driver: Partial<Driver> = {
    ready: true,
    send: async (_, [name]) => {
      if (name !== "EXISTS" && refuses) throw new Error(refuses);
      return 1;
    },
  };
  const link = new Link(driver as Driver, limits);
  link.connected([]);
  const run = () => link.run(toScript("return 1"), ["key"], []);
  for (const word of words) {
    refuses = word;
    await expect(run()).rejects.toMatchObject({ code: "backend_unavailable" });
    expect(link.readOnly).toBe(true);
    // Whatever only reads is answered there as well.
    expect(await link.send("key", "EXISTS", "key")).toBe(1);
    expect(link.readOnly).toBe(true);
    refuses = undefined;
    expect(await run()).toBe(1);
    expect(link.readOnly).toBe(false);
  }
  [refuses] = words;
  await expect(run()).rejects.toMatchObject({ code: "backend_unavailable" });
  link.connected([]);
  expect(link.readOnly).toBe(false);
  link.close();
});

it("refuses what Redis lacked the script for, where the connection is gone before it can be sent again", async () => {
  const driver = {
    ready: true,
    async send() {
      driver.ready = false;
      throw new Error("NOSCRIPT No matching script.");
    },
  };
  const link = new Link(driver as Partial<Driver> as Driver, limits);
  link.connected([]);
  await expect(link.run(toScript("return 1"), ["key"], [])).rejects.toMatchObject({ code: "backend_unavailable" });
  link.close();
});

it("gives up what is under way as it is closed, since no answer will be read", async () => {
  const driver: Partial<Driver> = { ready: true, send: () => new Promise(() => {}) };
  const link = new Link(driver as Driver, limits);
  link.connected([]);
  const lost = link.send("key", "GET", "key");
  link.close();
  await expect(lost).rejects.toMatchObject({ code: "log_unknown" });
});

/** A driver whose client answers when the test says so. */
function answering() {
  const answers: (() => void)[] = [];
  const driver = { ready: true, single: true, send: () => new Promise((resolve) => answers.push(() => resolve("OK"))) };
  const link = new Link(driver as Partial<Driver> as Driver, limits);
  return { answers, driver, link };
}

it("lets so many commands wait, and so many characters, and refuses more of them until there is room", async () => {
  const { answers, link } = answering();
  link.connected([]);
  const refused = expect.objectContaining({ code: "backend_unavailable" });
  for (let times = 0; times < 2; times++) {
    const most = Array.from({ length: 10 }, () => link.send("key", "GET", "key"));
    await expect(link.send("key", "GET", "key")).rejects.toEqual(refused);
    for (const answer of answers.splice(0)) answer();
    expect(await Promise.all(most)).toEqual(Array(10).fill("OK"));
    const long = link.send("key", "x".repeat(1_000));
    await expect(link.send("key", "x")).rejects.toEqual(refused);
    answers.pop()?.();
    expect(await long).toBe("OK");
  }
  const lost = link.send("key", "x".repeat(1_000));
  link.close();
  await expect(lost).rejects.toMatchObject({ code: "log_unknown" });
  answers.pop()?.();
  await new Promise(setImmediate);
  link.connected([]);
  const next = link.send("key", "x".repeat(1_000));
  answers.pop()?.();
  expect(await next).toBe("OK");
  link.close();
});

it("waits for the first connection once, refuses at once while there is none after that, and sends once there is", async () => {
  vi.useFakeTimers({ toFake: ["Date", "setInterval", "clearInterval"] });
  vi.spyOn(performance, "now").mockImplementation(Date.now);
  onTestFinished(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });
  const driver = { ready: false, send: async () => "sent" };
  const link = new Link(driver as unknown as Driver, limits);
  link.open();
  const refusals: number[] = [];
  const call = (number: number) => link.send("key", "GET", "key").catch(() => refusals.push(number));
  void call(1);
  await vi.advanceTimersByTimeAsync(250);
  expect(refusals).toEqual([]);
  void call(2);
  await vi.advanceTimersByTimeAsync(250);
  // Nothing is kept of them.
  expect([refusals, vi.getTimerCount()]).toEqual([[1, 2], 0]);
  void call(3);
  await new Promise(setImmediate);
  expect(refusals).toEqual([1, 2, 3]);
  driver.ready = true;
  link.connected([]);
  expect(await call(4)).toBe("sent");
  link.close();
});

it("refuses at once what comes after it was closed, though it was never connected", async () => {
  const { driver, link } = answering();
  driver.ready = false;
  link.open();
  const waits = link.send("key", "GET", "key");
  link.close();
  await expect(waits).rejects.toMatchObject({ code: "log_unknown" });
  const late = new Promise((resolve) => setImmediate(resolve, "waits"));
  const next = link.send("key", "GET", "key").catch(({ code }) => code);
  expect(await Promise.race([next, late])).toBe("backend_unavailable");
});

it("gives up what is not answered while others are after five times the silence that is given, and looks only while something waits", async () => {
  vi.useFakeTimers({ toFake: ["Date", "setInterval", "clearInterval"] });
  vi.spyOn(performance, "now").mockImplementation(Date.now);
  onTestFinished(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });
  const { answers, link } = answering();
  link.connected([]);
  let given: unknown;
  link.send("key", "GET", "lost").catch(({ code }) => {
    given = code;
  });
  // One of a cluster does not answer, the others do.
  for (let ms = 0; ms < 2_000; ms += 250) {
    expect([ms, given, vi.getTimerCount()]).toEqual([ms, ms < 1_500 ? undefined : "log_unknown", 1]);
    const other = link.send("key", "GET", "key");
    await vi.advanceTimersByTimeAsync(250);
    answers.pop()?.();
    expect(await other).toBe("OK");
  }
  answers.pop()?.();
  await vi.advanceTimersByTimeAsync(250);
  expect(vi.getTimerCount()).toBe(0);
  link.close();
});
