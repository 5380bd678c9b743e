import { createRequire } from "node:module";
import { createEventClient, debugFrames } from "@gestaloka/events/client";
import { afterEach, expect, it, vi } from "vitest";
import { describeFrame } from "../../src/delivery/debugging.js";
import { contract } from "../fixtures/contract.js";
import { enterRaw } from "../hostile/raw-client.js";
import { type Harbour, openHarbour } from "../support/harbour-server.js";

const socketLogs = createRequire(import.meta.url)("debug") as {
  enabled(name: string): boolean;
  disable(): string;
  log: unknown;
};

let harbour: Harbour | undefined;
afterEach(async () => {
  vi.unstubAllEnvs();
  await harbour?.close();
  harbour = undefined;
  socketLogs.disable();
});

type Line = Record<string, unknown>;

function logTo(lines: Line[]) {
  const write = (fields: object, message: string) => void lines.push({ ...fields, message });
  return { debug: write, info: write, warn: write, error: write };
}

it("traces frames at both ends by name, place and size, and turns on Socket.IO's and Engine.IO's own logs", async () => {
  // They go to stderr, which is not this test's to fill.
  socketLogs.log = () => {};
  const [near, far]: Line[][] = [[], []];
  expect(socketLogs.enabled("engine")).toBe(false);
  harbour = await openHarbour({ debug: true, logger: logTo(near as Line[]) });
  expect([socketLogs.enabled("socket.io:server"), socketLogs.enabled("engine")]).toEqual([true, true]);
  const client = createEventClient(harbour.url, {
    contract,
    auth: { token: "secret-token" },
    debug: debugFrames(logTo(far as Line[])),
  });
  await client.join("quay_q1");
  const came = new Promise((resolve) => client.once("ship:loaded", resolve));
  const manifest = { captain: "secret-payload" };
  const load = { ship_id: "secret-ship", cargo: "salt", crates: 1, added: 0, manifest } as const;
  await harbour.server.to.quay("q1").emit("ship_loaded", load);
  await came;
  client.close();
  const event = { kind: "event", frame: "ship_loaded", seq: 1, epoch: expect.any(String), bytes: expect.any(Number) };
  expect(near).toContainEqual({ message: "frame", direction: "out", ...event });
  expect(far).toContainEqual({ message: "frame", direction: "in", ...event });
  expect(near).toContainEqual({
    message: "frame",
    direction: "in",
    kind: "event",
    frame: "$enter",
    bytes: expect.any(Number),
  });
  expect(far).toContainEqual({ message: "frame", direction: "out", kind: "connect", bytes: expect.any(Number) });
  expect(JSON.stringify([near, far])).not.toContain("secret-payload");
  expect(JSON.stringify(far)).not.toContain("secret");
});

it("is refused in production at both ends, unless it is forced", async () => {
  vi.stubEnv("NODE_ENV", "production");
  await expect(openHarbour({ debug: true })).rejects.toMatchObject({ code: "debug_refused" });
  expect(() => debugFrames(logTo([]))).toThrow('pass "forced"');
  expect(socketLogs.enabled("engine")).toBe(false);
  socketLogs.log = () => {};
  harbour = await openHarbour({ debug: "forced" });
  expect(socketLogs.enabled("engine")).toBe(true);
  expect(() => debugFrames(logTo([]), "forced")).not.toThrow();
});

it("tells of a frame what is in no payload, whatever the frame", () => {
  const pack = '2["$pack",{"epoch":"AAAAAAAAAAA","seq":4,"at":1},[["a",{"x":"secret"}],["b",{}]]]';
  expect(describeFrame(pack)).toEqual({
    kind: "event",
    frame: "$pack",
    events: 2,
    epoch: "AAAAAAAAAAA",
    seq: 4,
    bytes: pack.length,
  });
  expect(describeFrame('2/game,17["ship_loaded",{"x":"secret"},{"epoch":"AAAAAAAAAAA","at":1}]')).toMatchObject({
    frame: "ship_loaded",
    epoch: "AAAAAAAAAAA",
  });
  expect(describeFrame('317[{"ok":true,"data":"secret"}]')).toEqual({ kind: "ack", bytes: 32 });
  expect(describeFrame('0{"token":"secret"}')).toEqual({ kind: "connect", bytes: 19 });
  for (const odd of [
    "",
    "2",
    "2[",
    '2["a',
    '2{"a":1}',
    "9[1]",
    `2[${JSON.stringify("é".repeat(100))},null,7]`,
    '2["a",null,{"epoch":7,"seq":"x"}]',
    "2[7]",
    '2[{"toString":1}]',
    `2[${"[".repeat(30_000)}${"]".repeat(30_000)}]`,
  ])
    expect(JSON.stringify(describeFrame(odd)).length).toBeLessThan(140);
});

it("goes on where a frame has no name but an object that is no text either", async () => {
  socketLogs.log = () => {};
  harbour = await openHarbour({ debug: true });
  const eve = await enterRaw(harbour.url, "websocket", { token: "eve" });
  eve.send('42[{"toString":1}]');
  await eve.end();
  const ada = harbour.announced("ada");
  await ada.got("welcomed");
});

it("logs each emission, to a room or to one connection, with the declared fields and nothing else of the payload", async () => {
  const lines: Line[] = [];
  harbour = await openHarbour({ logger: logTo(lines) });
  const peer = harbour.announced("ada");
  await peer.got("welcomed");
  const load = { ship_id: "s1", cargo: "salt", crates: 4, added: 0, note: "secret", manifest: {} } as const;
  await harbour.server.to.quay("q1").emit("ship_loaded", load);
  await harbour.server.to.quay("q1").emit("tide_turned", { level: 1 });
  expect(lines).toEqual([
    { message: "emitted", event: "welcomed", room: undefined, seq: undefined },
    { message: "emitted", event: "ship_loaded", room: "quay_q1", seq: 1, ship_id: "s1", crates: 4 },
    { message: "emitted", event: "tide_turned", room: "quay_q1", seq: undefined },
  ]);
  const quiet: Line[] = [];
  await harbour.close();
  harbour = await openHarbour({ logger: { ...logTo(quiet), isLevelEnabled: (level) => level !== "debug" } });
  await harbour.server.to.quay("q1").emit("ship_loaded", load);
  expect(quiet).toEqual([]);
});
