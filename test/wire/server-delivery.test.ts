import { ContractError } from "@gestaloka/events";
import { memoryBackend } from "@gestaloka/events/server";
import { afterEach, describe, expect, it } from "vitest";
import { type Harbour, openHarbour, type Peer } from "../support/harbour-server.js";
import { load } from "../support/ship-loads.js";

let harbour: Harbour;
afterEach(() => harbour.close());

interface Envelope {
  readonly epoch: string;
  readonly seq?: number;
  readonly at: number;
}

/** Every event that came, packs taken apart: name, the field that tells events apart, number. */
function came(peer: Peer): unknown[][] {
  const tell = (name: string, payload: Record<string, unknown>, seq: number | undefined) => [
    name,
    payload.crates ?? payload.level ?? payload.count ?? payload.text ?? payload.sailor_id,
    seq,
  ];
  return peer.events.flatMap(([name, payload, envelope]) => {
    if (name !== "$pack")
      return [tell(name, payload as Record<string, unknown>, (envelope as Envelope | undefined)?.seq)];
    const { seq } = payload as Envelope;
    return (envelope as [string, Record<string, unknown>][]).map(([each, body], at) =>
      tell(each, body, seq === undefined ? undefined : seq + at),
    );
  });
}

async function entered(quay: string, peer: Peer, cursor?: unknown): Promise<Record<string, unknown>> {
  const answer = await peer.socket.emitWithAck("$enter", {
    room: `quay_${quay}`,
    ...(cursor === undefined ? {} : { cursor }),
  });
  return answer as Record<string, unknown>;
}

/** Waits until everything that the server has written so far has arrived. */
async function settled(peer: Peer): Promise<void> {
  await peer.socket.emitWithAck("sound", { timestamp: "2026-11-24T05:30:19Z" });
}

const ofRoom = (events: unknown[][]) =>
  events.filter(([name]) => !["$hello", "welcomed", "docked", "echoed", "sailor_came"].includes(String(name)));

describe("numbers", () => {
  it("counts a room's recovered events by one, in call order, and nothing else", async () => {
    harbour = await openHarbour();
    const [ada, bob] = [harbour.announced("ada"), harbour.plain("bob")];
    await entered("q1", ada);
    await bob.socket.emitWithAck("dock", { quay_id: "q1" });
    const quay = harbour.server.to.quay("q1");
    const results = await Promise.all([
      quay.emit("ship_loaded", load(1)),
      quay.emit("tide_turned", { level: 1 }),
      quay.emit("sailor_went", { sailor_id: "zoe" }),
      quay.emit("tide_turned", { level: 2 }),
      quay.emit("ship_loaded", load(2)),
      harbour.server.to.quay("q2").emit("ship_loaded", load(9)),
    ]);
    expect(results).toEqual([
      { ok: true, seq: 1 },
      { ok: true, seq: 2 },
      { ok: true },
      { ok: true, seq: 3 },
      { ok: true, seq: 4 },
      { ok: true, seq: 1 },
    ]);
    await settled(ada);
    await settled(bob);
    const order = [
      ["ship_loaded", 1, 1],
      ["tide_turned", 1, 2],
      ["sailor_went", "zoe", undefined],
      ["tide_turned", 2, 3],
      ["ship_loaded", 2, 4],
    ];
    expect(ofRoom(came(ada))).toEqual(order);
    expect(ofRoom(came(bob)).map(([name, mark]) => [name, mark])).toEqual(order.map(([name, mark]) => [name, mark]));
    expect(bob.events.filter(([name]) => name === "tide_turned").every((event) => event.length === 2)).toBe(true);
  });

  it("keeps the order of what leaves somebody out, and what does not", async () => {
    harbour = await openHarbour();
    const ada = harbour.announced("ada");
    await entered("q1", ada);
    const quay = harbour.server.to.quay("q1");
    void quay.emit("sailor_went", { sailor_id: "a" });
    void quay.except("bob").emit("sailor_went", { sailor_id: "b" });
    void quay.emit("sailor_went", { sailor_id: "c" });
    await settled(ada);
    expect(ofRoom(came(ada)).map(([, sailor]) => sailor)).toEqual(["a", "b", "c"]);
  });

  it("merges nothing that leaves somebody out with what does not", async () => {
    harbour = await openHarbour();
    const [ada, bob] = [harbour.announced("ada"), harbour.announced("bob")];
    for (const peer of [ada, bob]) await entered("q1", peer);
    const quay = harbour.server.to.quay("q1");
    await quay.emit("gull_seen", { count: 1 });
    await quay.except("bob").emit("gull_seen", { count: 2 });
    await bob.got("gull_seen");
    await settled(bob);
    expect(bob.named("gull_seen").map(([payload]) => payload)).toEqual([{ count: 1 }]);
    expect(ada.named("gull_seen").map(([payload]) => payload)).toEqual([{ count: 2 }, { count: 1 }]);
  });

  it("merges what coalesces before it is numbered, and tells each emitter", async () => {
    harbour = await openHarbour();
    const ada = harbour.announced("ada");
    await entered("q1", ada);
    const quay = harbour.server.to.quay("q1");
    const results = await Promise.all([1, 2, 3].map((level) => quay.emit("tide_turned", { level })));
    expect(results).toEqual([
      { ok: true, seq: 1 },
      { ok: true, seq: 1, coalesced: true },
      { ok: true, seq: 1, coalesced: true },
    ]);
    await settled(ada);
    expect(ofRoom(came(ada))).toEqual([["tide_turned", 3, 1]]);
  });

  it("sends several events of a tick as one pack, and low ones in a batch that may be overtaken", async () => {
    harbour = await openHarbour();
    const ada = harbour.announced("ada");
    await entered("q1", ada);
    const quay = harbour.server.to.quay("q1");
    for (let count = 0; count < 3; count++) expect(await quay.emit("gull_seen", { count })).toEqual({ ok: true });
    for (const sailor_id of ["a", "b", "c"]) void quay.emit("sailor_went", { sailor_id });
    await ada.got("$pack", 2);
    const packs = ada.named("$pack") as [Envelope, unknown[]][];
    expect(packs.map(([envelope, items]) => [envelope.seq, items.length])).toEqual([
      [undefined, 3],
      [undefined, 3],
    ]);
    expect(ofRoom(came(ada)).map(([, mark]) => mark)).toEqual(["a", "b", "c", 0, 1, 2]);
  });

  it("sends a critical event at once, in one pack with all that the tick has before it", async () => {
    harbour = await openHarbour();
    const ada = harbour.announced("ada");
    await entered("q1", ada);
    const quay = harbour.server.to.quay("q1");
    void quay.emit("tide_turned", { level: 3 });
    for (const crates of [1, 2, 3]) void quay.emit("ship_loaded", load(crates));
    void quay.emit("sailor_went", { sailor_id: "bob" });
    await ada.got("sailor_went");
    expect(ada.events.slice(-4).map(([name]) => name)).toEqual(["$pack", "ship_loaded", "ship_loaded", "sailor_went"]);
    expect(ofRoom(came(ada)).map(([, mark, seq]) => [mark, seq])).toEqual([
      [3, 1],
      [1, 2],
      [2, 3],
      [3, 4],
      ["bob", undefined],
    ]);
  });

  it("keeps an envelope within 60 bytes", async () => {
    harbour = await openHarbour();
    const ada = harbour.announced("ada");
    await entered("q1", ada);
    await harbour.server.to.quay("q1").emit("ship_loaded", load(1));
    const [, envelope] = await ada.got("ship_loaded");
    expect(JSON.stringify({ ...(envelope as Envelope), seq: 9_999_999_999 }).length + 1).toBeLessThanOrEqual(60);
  });

  it("writes an emit that is repeated with its id once", async () => {
    harbour = await openHarbour();
    const ada = harbour.announced("ada");
    await entered("q1", ada);
    const quay = harbour.server.to.quay("q1");
    expect(await quay.emit("ship_loaded", load(1), { appendId: "x" })).toEqual({ ok: true, seq: 1 });
    expect(await quay.emit("ship_loaded", load(1), { appendId: "x" })).toEqual({ ok: true, seq: 1 });
    expect(await quay.emit("ship_loaded", load(2), { appendId: "y" })).toEqual({ ok: true, seq: 2 });
    await settled(ada);
    expect(ofRoom(came(ada))).toEqual([
      ["ship_loaded", 1, 1],
      ["ship_loaded", 2, 2],
    ]);
  });

  it.each(["", null])("takes %j for no id, so that two emits with it are two events", async (none) => {
    harbour = await openHarbour();
    const options = { appendId: none as string };
    const seqs = [1, 2].map((n) => harbour?.server.to.quay("q1").emit("ship_loaded", load(n), options));
    expect(await Promise.all(seqs)).toEqual([1, 2].map((seq) => ({ ok: true, seq })));
  });

  it("writes one that would wait for its like once as well, before what comes after it", async () => {
    harbour = await openHarbour();
    const ada = harbour.announced("ada");
    await entered("q1", ada);
    const quay = harbour.server.to.quay("q1");
    const repeated = () => quay.emit("tide_turned", { level: 1 }, { appendId: "x" });
    const emits = [repeated(), quay.emit("tide_turned", { level: 2 }), repeated()];
    expect(await Promise.all(emits)).toEqual([1, 2, 1].map((seq) => ({ ok: true, seq })));
    await settled(ada);
    expect(ofRoom(came(ada)).map(([name, , seq]) => [name, seq])).toEqual([
      ["tide_turned", 1],
      ["tide_turned", 2],
    ]);
  });

  it("gives the id of one that others went into to the last of them: repeated, what those bring would take its place", async () => {
    const append = () => Promise.reject(new ContractError("log_unknown", "lost", { appendId: "x" }));
    harbour = await openHarbour({ backend: Object.assign(Object.create(memoryBackend()), { append }) });
    const quay = harbour.server.to.quay("q1");
    const results = await Promise.all([1, 2, 3].map((level) => quay.emit("tide_turned", { level })));
    expect(results.map((result) => !result.ok && [result.error.code, result.error.appendId])).toEqual([
      ["log_unknown", undefined],
      ["log_unknown", undefined],
      ["log_unknown", "x"],
    ]);
  });
});

describe("entering with a cursor", () => {
  it("gives what was missed, in order, after the answer and before anything live", async () => {
    harbour = await openHarbour();
    const first = harbour.announced("ada");
    const { epoch } = await entered("q1", first);
    const quay = harbour.server.to.quay("q1");
    for (let crates = 1; crates <= 3; crates++) await quay.emit("ship_loaded", load(crates));
    first.socket.disconnect();
    for (let crates = 4; crates <= 6; crates++) await quay.emit("ship_loaded", load(crates));
    const again = harbour.announced("ada");
    const answering = entered("q1", again, { epoch, seq: 3 });
    expect(await answering).toMatchObject({ ok: true, epoch, seq: 6, recovered: true });
    await quay.emit("ship_loaded", load(7));
    await settled(again);
    expect(ofRoom(came(again)).map(([, crates, seq]) => [crates, seq])).toEqual([
      [4, 4],
      [5, 5],
      [6, 6],
      [7, 7],
    ]);
    expect(again.named("docked")).toEqual([]);
  });

  it.each(["announced", "plain"] as const)(
    "answers %s peers before anything of the room is given to them",
    async (kind) => {
      harbour = await openHarbour({ authorize: () => ({ history: 2 }) });
      for (let crates = 1; crates <= 2; crates++) await harbour.server.to.quay("q1").emit("ship_loaded", load(crates));
      const { socket, events, got } = harbour[kind]("ada");
      await got("welcomed");
      events.length = 0;
      const [name, body] = kind === "plain" ? ["dock", { quay_id: "q1" }] : ["$enter", { room: "quay_q1" }];
      // A promise would be told of it after what came with it.
      await new Promise<void>((resolve) => {
        socket.emit(name as string, body, () => {
          events.push(["answer"]);
          resolve();
        });
      });
      await (kind === "plain" ? got("ship_loaded", 2) : got("$pack"));
      expect(events.map(([each]) => each).slice(-3)).toEqual(
        kind === "plain" ? ["answer", "ship_loaded", "ship_loaded"] : ["docked", "answer", "$pack"],
      );
    },
  );

  it("recovers the user's own room with the connection", async () => {
    harbour = await openHarbour();
    const first = harbour.announced("ada");
    const [hello] = (await first.got("$hello")) as [{ rooms: [{ epoch: string }] }];
    first.socket.disconnect();
    const letters = harbour.server.to.sailor("ada");
    await letters.emit("letter_came", { kind: "text", text: "one" });
    await letters.emit("letter_came", { kind: "text", text: "two" });
    const { epoch } = hello.rooms[0];
    const cursors = [
      { room: "sailor_eve", epoch, seq: 0 },
      { room: "sailor_ada", epoch, seq: 1 },
    ];
    const again = harbour.announced("ada", { cursors });
    await again.got("welcomed");
    await settled(again);
    expect(again.named("$hello")[0]).toMatchObject([{ rooms: [{ room: "sailor_ada", seq: 2, recovered: true }] }]);
    expect(came(again).filter(([name]) => name === "letter_came")).toEqual([["letter_came", "two", 2]]);
    // Before its `$hello`, a client would take the server for a plain one.
    expect(again.events.map(([name]) => name)).toEqual(["$hello", "welcomed", "letter_came", "echoed"]);
    const other = harbour.announced("eve", { cursors: [{ room: "sailor_ada", epoch, seq: 0 }] });
    await other.got("welcomed");
    await settled(other);
    expect(other.events.map(([name]) => name)).toEqual(["$hello", "welcomed", "echoed"]);
  });

  it("says recovered false, with the reason and no event, wherever it cannot be complete", async () => {
    harbour = await openHarbour({ backend: memoryBackend({ log: { keepCount: 5, keepMs: 0 } }) });
    const quay = harbour.server.to.quay("q1");
    const ada = harbour.announced("ada");
    const { epoch } = await entered("q1", ada);
    for (let crates = 1; crates <= 8; crates++) await quay.emit("ship_loaded", load(crates));
    const answers: unknown[] = [];
    const cursors = [
      { epoch, seq: 2 },
      { epoch, seq: 9 },
      { epoch: "AAAAAAAAAAA", seq: 3 },
      { epoch, seq: -1 },
      { epoch: 1, seq: {} },
      "x",
      { epoch, seq: 8 },
      { epoch, seq: 3 },
    ];
    for (const cursor of cursors) {
      const peer = harbour.announced("bob");
      const answer = await entered("q1", peer, cursor);
      await settled(peer);
      answers.push([answer.recovered, answer.reason, ofRoom(came(peer)).length]);
      peer.socket.disconnect();
    }
    expect(answers).toEqual([
      [false, "too_old", 0],
      [false, "cursor_invalid", 0],
      [false, "epoch_changed", 0],
      [false, "cursor_invalid", 0],
      [false, "cursor_invalid", 0],
      [false, "cursor_invalid", 0],
      [true, undefined, 0],
      [true, undefined, 5],
    ]);
  });

  it("starts at the head without a cursor, or as far back as authorize grants", async () => {
    harbour = await openHarbour({ authorize: ({ user }) => (user.userId === "guest" ? true : { history: 2 }) });
    const quay = harbour.server.to.quay("q1");
    for (let crates = 1; crates <= 4; crates++) await quay.emit("ship_loaded", load(crates));
    const [guest, ada] = [harbour.announced("guest"), harbour.announced("ada")];
    expect(await entered("q1", guest)).toMatchObject({ seq: 4, recovered: false });
    expect(await entered("q1", ada)).toMatchObject({ seq: 4, recovered: false, after: 2 });
    await settled(guest);
    await settled(ada);
    expect(ofRoom(came(guest))).toEqual([]);
    expect(ofRoom(came(ada)).map(([, crates]) => crates)).toEqual([3, 4]);
  });

  it("asks whether what was missed may be seen, and if not lets in without it", async () => {
    harbour = await openHarbour({ authorize: ({ action }) => action !== "replay" });
    const quay = harbour.server.to.quay("q1");
    const first = harbour.announced("ada");
    const { epoch } = await entered("q1", first);
    await quay.emit("ship_loaded", load(1));
    const again = harbour.announced("ada");
    expect(await entered("q1", again, { epoch, seq: 0 })).toMatchObject({
      ok: true,
      recovered: false,
      reason: "replay_denied",
      seq: 1,
    });
    await settled(again);
    expect(ofRoom(came(again))).toEqual([]);
  });

  it("asks nothing of the kind where nothing was missed: history is what the entry granted", async () => {
    const asked: string[] = [];
    harbour = await openHarbour({
      authorize: ({ action }) => {
        asked.push(action);
        return action === "enter" && { history: 2 };
      },
    });
    for (let crates = 1; crates <= 4; crates++) await harbour.server.to.quay("q1").emit("ship_loaded", load(crates));
    const ada = harbour.announced("ada");
    expect(await entered("q1", ada)).toMatchObject({ ok: true, after: 2 });
    await settled(ada);
    expect(ofRoom(came(ada)).map(([, crates]) => crates)).toEqual([3, 4]);
    expect(asked).toEqual(["enter"]);
  });

  it("never replays what was emitted between a revocation and the next entry", async () => {
    harbour = await openHarbour();
    const quay = harbour.server.to.quay("q1");
    const ada = harbour.announced("ada");
    const { epoch } = await entered("q1", ada);
    await quay.emit("ship_loaded", load(1));
    await harbour.server.revoke("ada", "quay_q1");
    await quay.emit("ship_loaded", load(2));
    const again = harbour.announced("ada");
    expect(await entered("q1", again, { epoch, seq: 1 })).toMatchObject({
      recovered: false,
      reason: "replay_denied",
      seq: 2,
    });
    await quay.emit("ship_loaded", load(3));
    await settled(again);
    expect(ofRoom(came(again)).map(([, crates]) => crates)).toEqual([3]);
    again.socket.disconnect();
    await quay.emit("ship_loaded", load(4));
    const later = harbour.announced("ada");
    expect(await entered("q1", later, { epoch, seq: 3 })).toMatchObject({ recovered: true, seq: 4 });
    const liar = harbour.announced("ada");
    expect(await entered("q1", liar, { epoch, seq: 1 })).toMatchObject({ recovered: false, reason: "replay_denied" });
  });
});

describe("pages", () => {
  const long = "x".repeat(30_000);

  async function behind(events: number) {
    const first = harbour.announced("ada");
    const { epoch } = await entered("q1", first);
    const quay = harbour.server.to.quay("q1");
    for (let crates = 1; crates <= events; crates++) await quay.emit("ship_loaded", { ...load(crates), note: long });
    first.socket.disconnect();
    const peer = harbour.announced("ada");
    const answer = await entered("q1", peer, { epoch, seq: 0 });
    return {
      peer,
      epoch,
      answer,
      quay,
      page: (after: number, limit = 100) => peer.socket.emitWithAck("$page", { epoch, after, limit }) as Promise<Page>,
    };
  }
  interface Page {
    readonly events?: [string, { crates: number }, number][];
    readonly next?: number;
    readonly ok?: boolean;
    readonly error?: unknown;
  }

  it("lets the client pull what is too long to follow by itself, and holds what comes meanwhile", async () => {
    harbour = await openHarbour();
    const { answer, page, peer, quay } = await behind(7);
    expect(answer).toMatchObject({ recovered: true, seq: 7, paged: true });
    await quay.emit("ship_loaded", load(8));
    const crates: number[] = [];
    for (let after: number | undefined = 0; after !== undefined; ) {
      const { events = [], next } = await page(after);
      crates.push(...events.map(([, payload]) => payload.crates));
      // The last page may be followed by what was held before this line runs.
      if (next !== undefined) expect(ofRoom(came(peer))).toEqual([]);
      after = next;
    }
    expect(crates).toEqual([1, 2, 3, 4, 5, 6, 7]);
    await quay.emit("ship_loaded", load(9));
    await settled(peer);
    expect(ofRoom(came(peer)).map(([, number]) => number)).toEqual([8, 9]);
  });

  it("gives a plain peer, which cannot pull, the last of a history that is too long, and then what is live", async () => {
    harbour = await openHarbour({ authorize: () => ({ history: 1_000 }) });
    const quay = harbour.server.to.quay("q1");
    for (let crates = 1; crates <= 9; crates++) await quay.emit("ship_loaded", { ...load(crates), note: long });
    const peer = harbour.plain("ada");
    await peer.socket.emitWithAck("dock", { quay_id: "q1" });
    await quay.emit("ship_loaded", load(10));
    await settled(peer);
    // Two of them follow by themselves.
    expect(ofRoom(came(peer)).map(([, crates]) => crates)).toEqual([8, 9, 10]);
  });

  it("gives up a replay during which too much came, and says so", async () => {
    harbour = await openHarbour();
    const { page, peer, quay } = await behind(7);
    for (let i = 0; i < 40; i++) await quay.emit("ship_loaded", { ...load(100 + i), note: long });
    expect(await page(0)).toEqual({ ok: false, error: { code: "held_too_much" } });
    await quay.emit("ship_loaded", load(1));
    await settled(peer);
    expect(ofRoom(came(peer)).map(([, number]) => number)).toEqual([1]);
  });

  it("say where the next one begins until all that was asked for is given, though it is more than one holds", async () => {
    harbour = await openHarbour();
    const peer = harbour.announced("ada");
    const [{ rooms }] = (await peer.got("$hello")) as [{ rooms: { epoch: string }[] }];
    const letters = Array.from({ length: 2_005 }, (_, nth) => String(nth));
    for (const text of letters) void harbour.server.to.sailor("ada").emit("letter_came", { kind: "text", text });
    await peer.got("letter_came", letters.length);
    const filled = async (limit: number) => {
      const texts: string[] = [];
      for (let after: number | undefined = 0; after !== undefined; ) {
        const left = limit - after;
        const page = await peer.socket.emitWithAck("$page", { epoch: rooms[0]?.epoch, after, limit: left });
        const { events, next } = page as { events: [string, { text: string }][]; next?: number };
        expect(events.length).toBeLessThanOrEqual(1_000);
        texts.push(...events.map(([, { text }]) => text));
        after = next;
      }
      return texts;
    };
    expect(await filled(1_500)).toEqual(letters.slice(0, 1_500));
    // More than the log has.
    expect(await filled(5_000)).toEqual(letters);
  });

  it("shows nobody what came before they were let in, nor another room", async () => {
    harbour = await openHarbour();
    const quay = harbour.server.to.quay("q1");
    for (let crates = 1; crates <= 3; crates++) await quay.emit("ship_loaded", load(crates));
    const [ada, eve] = [harbour.announced("ada"), harbour.announced("eve")];
    const { epoch } = await entered("q1", ada);
    const forbidden = { ok: false, error: { code: "forbidden" } };
    expect(await ada.socket.emitWithAck("$page", { epoch, after: 0, limit: 10 })).toEqual(forbidden);
    await quay.emit("ship_loaded", load(4));
    expect(await ada.socket.emitWithAck("$page", { epoch, after: 3, limit: 1 })).toMatchObject({
      events: [["ship_loaded", { crates: 4 }, expect.any(Number)]],
    });
    await eve.got("$hello");
    expect(await eve.socket.emitWithAck("$page", { epoch, after: 3, limit: 1 })).toEqual(forbidden);
    for (const body of [
      null,
      1,
      {},
      { epoch, after: -1, limit: 1 },
      { epoch, after: 3, limit: 0 },
      { epoch, after: 3 },
      { epoch: "x", after: 3, limit: 1 },
      { epoch, after: Number.MAX_VALUE, limit: 1 },
    ])
      expect(await ada.socket.emitWithAck("$page", body)).toEqual(forbidden);
    expect(await ada.socket.emitWithAck("$page", { epoch, after: 100, limit: 10 })).toEqual({
      ok: false,
      error: { code: "log_unknown" },
    });
  });

  it("writes nothing more to a user whose right is taken back midway", async () => {
    harbour = await openHarbour();
    const { page, peer, quay } = await behind(7);
    await page(0);
    await harbour.server.revoke("ada", "quay_q1");
    await quay.emit("ship_loaded", load(8));
    expect(await page(2)).toEqual({ ok: false, error: { code: "forbidden" } });
    await settled(peer);
    expect(ofRoom(came(peer)).map(([name]) => name)).toEqual(["$left"]);
  });

  it("compares heads from memory, of the rooms that the connection is in", async () => {
    harbour = await openHarbour();
    const ada = harbour.announced("ada");
    const { epoch } = await entered("q1", ada);
    await harbour.server.to.quay("q1").emit("ship_loaded", load(1));
    await harbour.server.to.quay("q2").emit("ship_loaded", load(1));
    const { heads } = (await ada.socket.emitWithAck("$heads", { cursors: [], stats: {} })) as { heads: unknown[] };
    expect(heads).toEqual([
      { room: "sailor_ada", epoch: expect.any(String), seq: 0 },
      { room: "quay_q1", epoch, seq: 1 },
    ]);
    for (const body of [null, 1, { cursors: 1, stats: [] }])
      expect(await ada.socket.emitWithAck("$heads", body)).toMatchObject({ heads: [{}, {}] });
  });
});
