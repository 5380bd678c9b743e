import { ContractError, defineContract, defineEvent, derive, room } from "@gestaloka/events";
import { createWorkerEmitter } from "@gestaloka/events/redis";
import { memoryBackend, memoryMetrics } from "@gestaloka/events/server";
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { type Harbour, openHarbour, type Peer } from "../support/harbour-server.js";

let harbour: Harbour;
afterEach(() => harbour.close());

const load = { ship_id: "s1", cargo: "salt", crates: 5, added: 2, manifest: { captain: "Ada" } } as const;

async function docked(quay: string, ...peers: Peer[]): Promise<void> {
  for (const { socket } of peers) await socket.emitWithAck("dock", { quay_id: quay });
}

describe("emitting", () => {
  it("fills derived fields, and sends one argument to a plain peer and an envelope beside it to an announced one", async () => {
    harbour = await openHarbour();
    const [plain, announced] = [harbour.plain("ada"), harbour.announced("bob")];
    await docked("q1", plain, announced);
    const before = Date.now();
    const result = await harbour.server.to.quay("q1").emit("ship_loaded", load);
    expect(result).toEqual({ ok: true, seq: 1 });
    const [payload, ...rest] = (await plain.got("ship_loaded")) as [Record<string, unknown>];
    expect(payload).toMatchObject({ type: "ship_loaded", before: 3, crates: 5 });
    expect(rest).toEqual([]);
    const [same, envelope] = (await announced.got("ship_loaded")) as [
      unknown,
      { at: number; seq: number; epoch: string },
    ];
    expect(same).toEqual(payload);
    expect(envelope).toEqual({ epoch: expect.stringMatching(/^[\w-]{11}$/), seq: 1, at: expect.any(Number) });
    expect(envelope.at).toBeGreaterThanOrEqual(before);
  });

  it("does not touch the caller's object, nor mind what becomes of it afterwards", async () => {
    harbour = await openHarbour();
    const plain = harbour.plain("ada");
    await docked("q1", plain);
    const input = { ...load, manifest: { captain: "Ada" } };
    const emitted = harbour.server.to.quay("q1").emit("ship_loaded", input);
    expect(input).toEqual(load);
    input.manifest.captain = "Eve";
    await emitted;
    expect((await plain.got("ship_loaded"))[0]).toMatchObject({ manifest: { captain: "Ada" } });
  });

  it("answers a payload that does not check with an error, and sends nothing", async () => {
    const caught: unknown[] = [];
    const logged: unknown[] = [];
    const logger = { debug() {}, info() {}, warn() {}, error: (fields: object) => logged.push(fields) };
    harbour = await openHarbour({ onError: (error, context) => caught.push([error, context]), logger });
    const plain = harbour.plain("ada");
    await docked("q1", plain);
    const quay = harbour.server.to.quay("q1");
    const bad = await quay.emit("ship_loaded", { ...load, crates: -1 });
    expect(bad).toMatchObject({ ok: false, error: { code: "payload_invalid", path: "crates", event: "ship_loaded" } });
    const derived = await quay.emit("ship_loaded", { ...load, before: 4 });
    expect(derived).toMatchObject({ ok: false, error: { path: "before" } });
    const unknownKey = await quay.emit("ship_loaded", { ...load, secret: 1 } as never);
    expect(unknownKey).toMatchObject({ ok: false });
    const cyclic: Record<string, unknown> = {};
    cyclic.self = cyclic;
    for (const manifest of [
      cyclic,
      { at: new Date() },
      { n: 1n },
      { f() {} },
      { n: Number.NaN },
      JSON.parse('{"__proto__":{"admin":true}}'),
    ]) {
      expect(await quay.emit("ship_loaded", { ...load, manifest })).toMatchObject({
        ok: false,
        error: { code: "payload_invalid" },
      });
    }
    const throwing = Object.defineProperty({ ...load }, "crates", {
      enumerable: true,
      get: () => {
        throw new Error("no");
      },
    });
    expect(await quay.emit("ship_loaded", throwing)).toMatchObject({ ok: false });
    expect(await quay.emit("no_such" as never, {} as never)).toMatchObject({
      ok: false,
      error: { code: "unknown_event" },
    });
    expect(await quay.emit("letter_came" as never, { kind: "text", text: "" } as never)).toMatchObject({ ok: false });
    expect(await harbour.server.to.quay("a\u0000b").emit("ship_loaded", load)).toMatchObject({
      ok: false,
      error: { code: "room_invalid" },
    });
    expect(await quay.emit("ship_loaded", load)).toEqual({ ok: true, seq: 1 });
    await plain.got("ship_loaded");
    expect(plain.named("ship_loaded")).toHaveLength(1);
    expect(caught).toHaveLength(13);
    expect(JSON.stringify(logged)).not.toContain("Ada");
  });

  it("emits to no room of what is no text, which nobody is in", async () => {
    harbour = await openHarbour();
    for (const id of [undefined, null, 7, ["q1"]])
      expect(await harbour.server.to.quay(id as never).emit("ship_loaded", load)).toMatchObject({
        ok: false,
        error: { code: "room_invalid" },
      });
    // Whoever is connected is in the room of their own, and nobody is counted there.
    for (const room of ["q1", "pier_q1", undefined, "sailor_ada"])
      await expect(harbour.server.members(room as never)).rejects.toMatchObject({ code: "room_invalid" });
  });

  it("says that what is emitted is no object, and what it is instead", async () => {
    harbour = await openHarbour();
    for (const [input, got] of [
      [undefined, "missing"],
      [null, "null"],
      [7, "number"],
      ["salt", "string"],
    ] as const)
      expect(await harbour.server.to.quay("q1").emit("ship_loaded", input as never)).toMatchObject({
        ok: false,
        error: { code: "payload_invalid", path: "", expected: "object", got },
      });
  });

  it("refuses a promise that nobody awaited and a map, of which nothing but what is derived would be left", async () => {
    const rested = defineEvent({
      name: "rested",
      appName: "rested",
      audience: "sailor",
      payload: z.object({ note: z.string().optional(), timestamp: z.string() }),
      derive: { timestamp: derive.now() },
      lane: "normal",
      recover: true,
      emitter: "SailorEmitter.emitRested",
      summary: "Nothing happened.",
      since: "1.0.0",
      examples: { valid: [{}], invalid: [{ path: "note", payload: { note: 1 } }] },
    });
    const rooms = { sailor: room("sailor_{sailor_id}", { enter: "authenticated" }) };
    const quiet = defineContract({ name: "quiet", version: "1.0.0", events: [rested], commands: [], rooms, roles: {} });
    const worker = createWorkerEmitter({ contract: quiet, backend: memoryBackend() });
    onTestFinished(() => worker.close());
    for (const [input, got] of [
      [Promise.resolve({ note: "calm" }), "Promise"],
      [new Map([["note", "calm"]]), "Map"],
      [new Date(), "Date"],
      [new Error("calm"), "Error"],
      [[], "Array"],
    ] as const)
      expect(await worker.to.sailor("ada").emit("rested", input as never)).toMatchObject({
        ok: false,
        error: { code: "payload_invalid", path: "", expected: "object", got },
      });
    class Rest {
      note = "calm";
    }
    expect(await worker.to.sailor("ada").emit("rested", new Rest())).toMatchObject({ ok: true });
  });

  it("names the field that holds a database's bigint, which no other can be reckoned from", async () => {
    harbour = await openHarbour();
    for (const field of ["crates", "added"])
      expect(await harbour.server.to.quay("q1").emit("ship_loaded", { ...load, [field]: 5n })).toMatchObject({
        ok: false,
        error: { code: "payload_invalid", path: field, got: "bigint" },
      });
  });

  it("names the event whose room was none to the error tracker, to the log and in the metrics", async () => {
    const caught: unknown[] = [];
    const logged: unknown[] = [];
    const metrics = memoryMetrics();
    const logger = { debug() {}, info() {}, warn() {}, error: (fields: object) => logged.push(fields) };
    harbour = await openHarbour({ onError: (_error, context) => caught.push(context), logger, metrics });
    await harbour.server.to.quay("a\u0000b").emit("ship_loaded", load);
    expect(caught).toEqual([{ during: "emit", event: "ship_loaded" }]);
    expect(logged).toEqual([expect.objectContaining({ event: "ship_loaded", code: "room_invalid" })]);
    expect(JSON.stringify(metrics.snapshot())).toContain("ship_loaded");
  });

  it("throws at once with throwOnInvalid", async () => {
    harbour = await openHarbour({ throwOnInvalid: true });
    const { quay } = harbour.server.to;
    for (const [code, emit] of [
      ["payload_invalid", () => quay("q1").emit("ship_loaded", { ...load, crates: -1 })],
      ["unknown_event", () => quay("q1").emit("ship_sunk" as never, load as never)],
      ["room_invalid", () => quay("").emit("ship_loaded", load)],
    ] as const) {
      expect(emit).toThrow(ContractError);
      expect(emit).toThrow(expect.objectContaining({ code }));
    }
  });

  it("tells Socket.IO's outgoing listeners, event by event", async () => {
    harbour = await openHarbour();
    const plain = harbour.plain("ada");
    const announced = harbour.announced("bob");
    await docked("q1", plain, announced);
    const seen: unknown[][] = [];
    for (const socket of harbour.io.sockets.sockets.values()) socket.onAnyOutgoing((...args) => seen.push(args));
    await harbour.server.to.quay("q1").emit("ship_loaded", load);
    expect(seen.map(([name]) => name)).toEqual(["ship_loaded", "ship_loaded"]);
    expect(seen[0]?.[1]).toMatchObject({ ship_id: "s1" });
    const { epoch } = (announced.named("ship_loaded")[0]?.[1] ?? (await announced.got("ship_loaded"))[1]) as {
      epoch: string;
    };
    await announced.socket.emitWithAck("$enter", { room: "quay_q1", cursor: { epoch, seq: 0 } });
    expect(seen.map(([name]) => name)).toEqual(["ship_loaded", "ship_loaded", "ship_loaded"]);
  });

  it("loses nothing that such a listener emits to the room that it is told of", async () => {
    harbour = await openHarbour();
    const ada = harbour.announced("ada");
    await docked("q1", ada);
    const quay = harbour.server.to.quay("q1");
    harbour.io.sockets.sockets.get(ada.socket.id as string)?.onAnyOutgoing((name) => {
      if (name === "sailor_came") void quay.emit("sailor_went", { sailor_id: "zoe" });
    });
    await quay.emit("sailor_came", { sailor_id: "zoe" });
    await ada.got("sailor_went");
    expect(ada.events.slice(-2).map(([name]) => name)).toEqual(["sailor_came", "sailor_went"]);
  });

  it("goes on where such a listener throws, and says what it threw", async () => {
    const errors: unknown[] = [];
    harbour = await openHarbour({ onError: (error, context) => errors.push([error, context]) });
    const ada = harbour.announced("ada");
    await docked("q1", ada);
    const seen: string[] = [];
    const thrown = new Error("not told");
    const socket = harbour.io.sockets.sockets.get(ada.socket.id as string);
    socket?.onAnyOutgoing(() => {
      throw thrown;
    });
    socket?.onAnyOutgoing((name) => seen.push(name));
    await harbour.server.to.quay("q1").emit("ship_loaded", load);
    await ada.got("ship_loaded");
    expect(seen).toEqual(["ship_loaded"]);
    expect(errors).toEqual([[thrown, { during: "deliver", event: "ship_loaded", userId: "ada" }]]);
  });

  it("leaves out one user, for events that are not recovered only", async () => {
    harbour = await openHarbour();
    const [ada, ada2, bob] = [harbour.plain("ada"), harbour.announced("ada"), harbour.plain("bob")];
    await docked("q1", ada, ada2, bob);
    await harbour.server.to.quay("q1").except("ada").emit("sailor_went", { sailor_id: "zoe" });
    await harbour.server.to.quay("q1").emit("sailor_went", { sailor_id: "last" });
    await Promise.all([ada.got("sailor_went"), ada2.got("sailor_went"), bob.got("sailor_went", 2)]);
    expect(
      [ada, ada2, bob].map((peer) =>
        peer.named("sailor_went").map(([payload]) => (payload as { sailor_id: string }).sailor_id),
      ),
    ).toEqual([["last"], ["last"], ["zoe", "last"]]);
    const numbered = harbour.server.to.quay("q1").except("ada").emit as (
      name: string,
      input: object,
    ) => Promise<unknown>;
    expect(await numbered.call(harbour.server.to.quay("q1").except("ada"), "ship_loaded", load)).toMatchObject({
      ok: false,
    });
  });

  it("sends nothing where whom it should leave out can be no user, rather than to everybody", async () => {
    harbour = await openHarbour();
    const ada = harbour.plain("ada");
    await docked("q1", ada);
    const quay = harbour.server.to.quay("q1");
    for (const nobody of [undefined, null, 7, "", ["ada"]]) {
      const result = await quay.except(nobody as never).emit("sailor_went", { sailor_id: "zoe" });
      expect(result).toMatchObject({ ok: false, error: { code: "room_invalid" } });
    }
    await quay.emit("sailor_went", { sailor_id: "last" });
    await ada.got("sailor_went");
    expect(ada.named("sailor_went")).toEqual([[{ sailor_id: "last" }]]);
  });

  it("emits to one socket, after what its rooms have of this tick", async () => {
    harbour = await openHarbour();
    const [ada, bob] = [harbour.announced("ada"), harbour.plain("bob")];
    await docked("q1", ada, bob);
    void harbour.server.to.quay("q1").emit("sailor_went", { sailor_id: "zoe" });
    expect(await harbour.server.to.socket(ada.socket.id as string).emit("refused", { message: "no" })).toEqual({
      ok: true,
    });
    const [, envelope] = await ada.got("refused");
    expect(envelope).toEqual({ at: expect.any(Number) });
    expect(ada.events.slice(-2).map(([name]) => name)).toEqual(["sailor_went", "refused"]);
    await bob.got("sailor_went");
    expect(bob.named("refused")).toEqual([]);
    expect(await harbour.server.to.socket("gone").emit("refused", { message: "no" })).toEqual({ ok: true });
  });

  it("sends the same to a client that polls", async () => {
    harbour = await openHarbour();
    const polling = { transports: ["polling"] };
    const [plain, announced] = [harbour.plain("ada", polling), harbour.announced("bob", { options: polling })];
    await docked("q1", plain, announced);
    await harbour.server.to.quay("q1").emit("ship_loaded", { ...load, note: "塩 🚢" });
    expect((await plain.got("ship_loaded"))[0]).toMatchObject({ note: "塩 🚢" });
    expect((await announced.got("ship_loaded"))[0]).toMatchObject({ note: "塩 🚢" });
  });

  it("frames every length as WebSocket asks", async () => {
    harbour = await openHarbour();
    const plain = harbour.plain("ada");
    await plain.got("welcomed");
    const texts = [0, 50, 90, 91, 92, 93, 94, 120, 65_400, 65_490, 65_500, 65_536, 200_000].map((length) =>
      "é".repeat(length / 2),
    );
    for (const text of texts) await harbour.server.to.sailor("ada").emit("letter_came", { kind: "text", text });
    await plain.got("letter_came", texts.length);
    expect(plain.named("letter_came").map(([payload]) => (payload as { text: string }).text)).toEqual(texts);
  });

  it("goes through Socket.IO's own encoder where another parser was chosen", async () => {
    const parser = await import("socket.io-parser");
    class Encoder extends parser.Encoder {
      override encode(packet: Parameters<InstanceType<typeof parser.Encoder>["encode"]>[0]) {
        return super.encode(packet).map((part) => (typeof part === "string" ? `${part} ` : part));
      }
    }
    harbour = await openHarbour({}, { parser: { ...parser, Encoder } });
    const announced = harbour.announced("ada");
    await announced.got("welcomed");
    const seen: unknown[] = [];
    harbour.io.sockets.sockets.get(announced.socket.id as string)?.onAnyOutgoing((name) => seen.push(name));
    await harbour.server.to.sailor("ada").emit("letter_came", { kind: "text", text: "hello" });
    expect(await announced.got("letter_came")).toEqual([
      { kind: "text", text: "hello" },
      expect.objectContaining({ seq: 1 }),
    ]);
    expect(seen).toEqual(["letter_came"]);
  });
});
