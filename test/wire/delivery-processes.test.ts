import { createEventClient } from "@gestaloka/events/client";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type Bundle, bundleProcesses } from "../chaos/bundle.js";
import { type Child, startChild } from "../chaos/child.js";
import { contract } from "../chaos/contract.js";
import { connected, nextLocal, record, snapshot } from "../support/awaited-client.js";
import { closedAtEnd } from "../support/closed-at-end.js";
import { upTo } from "../support/ship-loads.js";

let bundle: Bundle;
beforeAll(async () => {
  bundle = await bundleProcesses(["scenes/scene-server"]);
});
afterAll(() => bundle.remove());

/** A server in a process of its own, to be killed, stopped or stalled. */
async function startServer(options: object = {}): Promise<{ server: Child; port: number; url: string }> {
  const server = startChild(bundle.file("scenes/scene-server"));
  onTestFinished(() => server.kill());
  const port = await server.ask<number>({ do: "start", ...options });
  return { server, port, url: `http://127.0.0.1:${port}` };
}

function createClient(url: string, user = "ada") {
  return closedAtEnd(createEventClient(url, { contract, auth: { user } }));
}

const arena = contract.rooms.arena("0");
const numbers = (payloads: unknown[]) => payloads.map((payload) => (payload as { n: number }).n);

describe("a server that is killed amid a thousand emits", () => {
  it("leaves every client with what it handled, once and in order, told of the rest, and with its commands sent again", {
    timeout: 60_000,
  }, async () => {
    const { server, port, url } = await startServer({ actMs: 30_000 });
    const client = createClient(url);
    const heard = record(client, "chaos:step", "ws:resync");
    const states = record(client, "ws:command");
    await client.join(arena);
    const answer = client.send("act", { arena_id: "0", k: 1 });
    await expect.poll(async () => (await server.ask<Record<string, number>>({ do: "acted" }))["ada 1"]).toBe(1);
    // Killed while the emits and the running command are under way.
    void server.ask({ do: "emit", to: "arena:0", count: 1_000 }).catch(() => {});
    await heard.atLeast(1);
    await server.kill();
    await snapshot(client, { status: "reconnecting" });
    const handled = numbers(heard.payloads("chaos:step"));
    expect(handled).toEqual(upTo(handled.length));
    const { server: next } = await startServer({ port, actMs: 0 });
    await connected(client);
    expect(await answer).toEqual({ k: 1 });
    expect(await next.ask({ do: "acted" })).toEqual({ "ada 1": 1 });
    expect(states.map(({ payload }) => (payload as { state: string }).state)).toEqual([
      "queued",
      "sent",
      "sent",
      "applied",
    ]);
    expect(heard.payloads("ws:resync")).toEqual([
      { room: contract.rooms.seat("ada"), reason: "epoch_changed" },
      { room: arena, reason: "epoch_changed" },
    ]);
    await next.ask({ do: "emit", to: "arena:0", count: 3 });
    await heard.atLeast(handled.length + 5);
    expect(numbers(heard.payloads("chaos:step"))).toEqual([...handled, 1, 2, 3]);
  });
});

describe("a server that is told to end", () => {
  it("answers what runs, writes what waits, tells its clients to spread, and ends", { timeout: 60_000 }, async () => {
    const { server, port, url } = await startServer({ actMs: 400 });
    const client = createClient(url);
    const heard = record(client, "chaos:step", "ws:resync");
    await client.join(arena);
    const answer = client.send("act", { arena_id: "0", k: 1 });
    await expect.poll(async () => (await server.ask<Record<string, number>>({ do: "acted" }))["ada 1"]).toBe(1);
    await server.ask({ do: "emit", to: "arena:0", count: 50 });
    const told = nextLocal(client, "ws:disconnected");
    const begun = performance.now();
    expect(await server.terminate()).toBe(0);
    expect(performance.now() - begun).toBeLessThan(10_000);
    expect(await answer).toEqual({ k: 1 });
    expect(numbers(heard.payloads("chaos:step"))).toEqual(upTo(50));
    expect(await told).toEqual({ reason: "server_closing" });
    const { server: next } = await startServer({ port });
    await connected(client);
    expect(await next.ask({ do: "acted" })).toEqual({});
  });
});

describe("a server that stands still for two seconds", () => {
  it("loses no connection over it, and catches up", { timeout: 60_000 }, async () => {
    const { server, url } = await startServer({ pingInterval: 1_000, pingTimeout: 2_500 });
    const clients = upTo(40).map((index) => createClient(url, `u${index}`));
    const heard = clients.map((client) => record(client, "chaos:step", "ws:disconnected", "ws:resync"));
    await Promise.all(clients.map((client) => client.join(arena)));
    await server.ask({ do: "emit", to: "arena:0", count: 5 });
    const stalled = server.ask({ do: "stall", ms: 2_000 });
    const answers = clients.map((client) => client.send("act", { arena_id: "0", k: 1 }));
    await stalled;
    expect(await Promise.all(answers)).toEqual(answers.map(() => ({ k: 1 })));
    await server.ask({ do: "emit", to: "arena:0", count: 5 });
    await Promise.all(heard.map((one) => one.atLeast(10)));
    for (const one of heard) expect(one.map(({ name }) => name)).toEqual(upTo(10).map(() => "chaos:step"));
  });
});
