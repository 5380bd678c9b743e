import { expect, it } from "vitest";
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

it("knows that its Redis follows another from a script that it refused to one that it carries out", async () => {
  const answers = [
    Promise.reject(new Error("READONLY You can't write against a read only replica.")),
    Promise.resolve(1),
  ];
  const driver: Partial<Driver> = { ready: true, send: () => answers.shift() as Promise<unknown> };
  const link = new Link(driver as Driver, limits);
  link.connected([]);
  await expect(link.run(toScript("return 1"), ["key"], [])).rejects.toMatchObject({ code: "backend_unavailable" });
  expect(link.readOnly).toBe(true);
  expect(await link.run(toScript("return 1"), ["key"], [])).toBe(1);
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
