import { memoryBackend } from "@gestaloka/events/server";
import { describe, expect, it, onTestFinished } from "vitest";
import { record, snapshot } from "../support/awaited-client.js";
import { closedAtEnd } from "../support/closed-at-end.js";
import { createClient } from "../support/harbour-client.js";
import { openHarbour } from "../support/harbour-server.js";
import { startRoundRobin } from "../support/round-robin.js";

async function openNodes(stays?: number) {
  const backend = memoryBackend();
  const nodes = [closedAtEnd(await openHarbour({ backend })), closedAtEnd(await openHarbour({ backend }))] as const;
  const balancer = closedAtEnd(
    await startRoundRobin(
      nodes.map(({ url }) => Number(new URL(url).port)),
      stays,
    ),
  );
  return { balancer, server: nodes[0].server };
}

describe("two nodes behind a balancer that has no sticky sessions", () => {
  it("serve a client by WebSocket, which keeps to one node", async () => {
    const { balancer, server } = await openNodes();
    const client = createClient(balancer.url);
    const heard = record(client, "letter:came", "ws:error");
    await snapshot(client, { status: "connected", transport: "websocket" });
    await server.to.sailor("ada").emit("letter_came", { kind: "text", text: "hello" });
    await heard.atLeast(1);
    expect(heard.payloads("ws:error")).toEqual([]);
  });

  it("are told apart by a code, and tried by WebSocket first from then on", async () => {
    const { balancer } = await openNodes();
    balancer.refuseUpgrades(true);
    const client = createClient(balancer.url);
    const errors = record(client, "ws:error");
    await errors.atLeast(1);
    expect(errors.payloads("ws:error")).toMatchObject([{ code: "sticky_session" }]);
    expect(client.connection.getSnapshot()).toMatchObject({ reason: "sticky_session" });
    balancer.refuseUpgrades(false);
    await snapshot(client, { status: "connected", transport: "websocket" });
  });

  it("are asked less and less by a client that may only poll, which says why", { timeout: 30_000 }, async () => {
    const { balancer } = await openNodes();
    const client = createClient(balancer.url, { socket: { transports: ["polling"] } });
    const errors = record(client, "ws:error");
    await errors.atLeast(3, 25_000);
    expect(new Set(errors.payloads("ws:error").map((error) => (error as { code: string }).code))).toEqual(
      new Set(["sticky_session"]),
    );
    // A handshake and what followed it, each time.
    expect(balancer.requests).toBeLessThanOrEqual(4 * errors.length);
    await snapshot(client, { status: "connecting", reason: "sticky_session", attempt: errors.length });
  });

  it("are asked less and less although every connection opens before it is lost", { timeout: 30_000 }, async () => {
    // Handshake, entry and its answer reach one node, and what follows the other.
    const { balancer } = await openNodes(3);
    const client = createClient(balancer.url, { socket: { transports: ["polling"] } });
    const lost: { reason: unknown; at: number }[] = [];
    client.on("ws:disconnected", ({ reason }) => lost.push({ reason, at: performance.now() }));
    const random = Math.random;
    // The longest wait that may be drawn each time.
    Math.random = () => 0.999;
    onTestFinished(() => {
      Math.random = random;
    });
    await expect.poll(() => lost.length, { timeout: 25_000 }).toBeGreaterThanOrEqual(3);
    expect(new Set(lost.map(({ reason }) => reason))).toEqual(new Set(["sticky_session"]));
    const waits = lost.slice(1).map(({ at }, index) => at - (lost[index] as { at: number }).at);
    expect(waits[0]).toBeGreaterThan(900);
    expect(waits[1]).toBeGreaterThan(1_900);
  });
});
