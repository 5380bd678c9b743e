import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { memoryBackend } from "@gestaloka/events/server";
import { describe, expect, it } from "vitest";
import { snapshot } from "../support/awaited-client.js";
import { closedAtEnd } from "../support/closed-at-end.js";
import { distantBackend } from "../support/distant-backend.js";
import { createClient, openBehindProxy } from "../support/harbour-client.js";
import { root } from "./blocks.js";

const load = { quay_id: "q", ship_id: "s", crates: 1 };

/** How docs/errors.md answers whether a command was carried out that ended in a code. */
function said(code: string): string {
  const table = readFileSync(resolve(root, "docs/errors.md"), "utf8").split("## Commands")[1]?.split("### ")[0] ?? "";
  const row = table.split("\n").find((line) => line.split("|")[1]?.includes(`\`${code}\``));
  return row?.split("|")[2]?.trim() ?? "nothing";
}

/** How a handler ends, which is to be over with the test. */
type Ending = (over: Promise<void>) => unknown;

/** A server whose handler of `load_ship` does its work and then `ends`, a client of ada's, and what becomes of both. */
async function open(ends: Ending | undefined, options: object = {}) {
  const { backend, fail } = distantBackend(memoryBackend());
  const { server, proxy } = await openBehindProxy({ backend, ...options });
  // A server waits for its handlers as it closes.
  let end = () => {};
  const over = new Promise<void>((resolve) => {
    end = resolve;
  });
  closedAtEnd({ close: () => end() });
  let calls = 0;
  let tell = () => {};
  const called = new Promise<void>((resolve) => {
    tell = resolve;
  });
  if (ends)
    server.handle("load_ship", async () => {
      calls++;
      tell();
      return (await ends(over)) as { on_board: number };
    });
  const user = { token: "ada" };
  const client = createClient(proxy.url, { auth: () => user });
  const send = client.send as (name: string, payload: object, options?: object) => Promise<unknown>;
  return { client, proxy, user, fail, called, send, calls: () => calls };
}

const codeOf = (sent: Promise<unknown>): Promise<unknown> =>
  sent.then(
    () => undefined,
    (error: { code: string }) => error.code,
  );

const done = () => ({ on_board: 1 });
const hangs: Ending = (over) => over;
const breaks = () => {
  throw new Error("too late");
};

describe("a command that ends in a code", () => {
  it.each<[string, string, object, Ending | undefined, object?, object?]>([
    ["command_invalid", "dock", { quay_id: "q" }, done],
    ["unknown_command", "unload_ship", load, done],
    ["payload_invalid", "load_ship", { ...load, crates: 0 }, done],
    ["offline", "whistle", { quay_id: "q", tune: "la" }, done],
    ["not_handled", "load_ship", load, undefined],
    ["forbidden", "load_ship", load, done, { authorize: () => false }],
    ["rate_limited", "load_ship", load, done, { limits: { commandBurst: 0, commandsPerSecond: 0.001 } }],
    ["expired", "load_ship", load, done, {}, { ttlMs: 0 }],
  ])("was not carried out where it is %s, as the guide says", async (code, name, payload, ends, given, how) => {
    const { send, calls } = await open(ends, given);
    expect(await codeOf(send(name, payload, how))).toBe(code);
    expect(calls()).toBe(0);
    expect(said(code)).toMatch(/^no|else no/);
  });

  it.each<[string, Ending, object?, object?]>([
    ["internal", breaks],
    ["timeout", hangs, { commandTimeoutMs: 20 }],
    ["expired", hangs, {}, { ttlMs: 300 }],
  ])("may have been carried out where it is %s, as the guide says", async (code, ends, given, how) => {
    const { send, calls, client } = await open(ends, given);
    await snapshot(client, { status: "connected" });
    expect(await codeOf(send("load_ship", load, how))).toBe(code);
    expect(calls()).toBe(1);
    expect(said(code)).toMatch(/^perhaps/);
  });

  it.each(["closed", "identity_mismatch", "backend_unavailable"])(
    "may have been carried out where its answer was lost with the connection and it is %s, as the guide says",
    async (code) => {
      const { client, proxy, user, fail, called, send, calls } = await open(hangs);
      const ended = codeOf(send("load_ship", load));
      await called;
      if (code === "closed") client.close();
      if (code === "identity_mismatch") user.token = "bob";
      if (code === "backend_unavailable") fail("begin");
      proxy.cut();
      expect(await ended).toBe(code);
      expect(calls()).toBe(1);
      expect(said(code)).toMatch(/^perhaps/);
    },
  );
});
