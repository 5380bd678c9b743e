import { afterEach, describe, expect, it, vi } from "vitest";
import { Lifetimes } from "../../src/server/lifetimes.js";
import { closedAtEnd } from "../support/closed-at-end.js";
import { once, openHarbour, type Peer } from "../support/harbour-server.js";
import { aTick, movableClocks } from "../support/movable-clocks.js";
import { type HostileHarbour, openHostile, transports } from "./hostile-harbour.js";
import { openRaw } from "./raw-client.js";

let hostile: HostileHarbour;
afterEach(async () => {
  vi.restoreAllMocks();
  await hostile?.close();
});

const forbidden = { ok: false, error: { code: "forbidden" } };
const loaded = (ship_id: string) => ({ ship_id, cargo: "tea" as const, crates: 5, added: 2, manifest: {} });
const ships = (peer: Peer) =>
  peer.events.flatMap(([name, first, second]) => {
    const events = name === "$pack" ? (second as [string, { ship_id: string }][]) : [[name, first] as const];
    return events.flatMap(([event, payload]) =>
      event === "ship_loaded" ? [(payload as { ship_id: string }).ship_id] : [],
    );
  });

describe.each(transports)("case 38: a credential that ends, over %s,", (transport) => {
  const until = () => Date.now() + 20_000;
  const authenticate = ({ auth }: { auth: Readonly<Record<string, unknown>> }) =>
    typeof auth.token === "string"
      ? { userId: auth.token, ...(auth.until === undefined ? {} : { expiresAt: Number(auth.until) }) }
      : null;

  it("closes an idle connection when its grace is over", async () => {
    const clocks = movableClocks();
    hostile = await openHostile({ authenticate, expiryGraceMs: 10_000 });
    const eve = await hostile.enter(transport, { token: "eve", until: until() });
    clocks.pass(25_000);
    await aTick();
    expect(eve.ended).toBeUndefined();
    clocks.pass(5_000);
    await eve.end();
    await hostile.unharmed();
  });

  it("closes one that is being written to, and one that writes", async () => {
    const clocks = movableClocks();
    hostile = await openHostile({ authenticate, expiryGraceMs: 200 });
    const { server } = hostile.harbour;
    const eve = await hostile.enter(transport, { token: "eve", until: until() });
    const timer = setInterval(() => {
      void server.to.sailor("eve").emit("letter_came", { kind: "text", text: "x" });
      if (!eve.ended) eve.send('42["sound",{"timestamp":"2026-11-24T05:30:19Z"}]');
    }, 5);
    await eve.came('42["letter_came"');
    clocks.pass(20_200);
    await eve.end();
    clearInterval(timer);
    expect((await server.health()).connections).toBe(1);
    await hostile.unharmed();
  });

  it("is refused when it comes back with what ended while it was away", async () => {
    const clocks = movableClocks();
    hostile = await openHostile({ authenticate });
    const auth = { token: "eve", until: until() };
    const eve = await hostile.enter(transport, auth);
    eve.close();
    clocks.pass(20_000);
    const again = await openRaw(hostile.harbour.url, transport);
    again.send(`40${JSON.stringify(auth)}`);
    expect(await again.came("44{")).toBe('44{"message":"credential_expired","data":{"code":"credential_expired"}}');
    again.close();
    await hostile.unharmed();
  });
});

describe("case 39: a clock", () => {
  const openLifetimes = (graceMs = 25_000) => {
    let monotonic = 5_000;
    let wall = 1_800_000_000_000;
    const log: string[] = [];
    vi.spyOn(Date, "now").mockImplementation(() => wall);
    const lifetimes = new Lifetimes(
      { warn: () => log.push("warn"), expire: () => log.push("expire") },
      { warningMs: 60_000, graceMs, now: () => monotonic },
    );
    const pass = (ms: number, step = 250) => {
      for (let left = ms; left > 0; left -= step) {
        monotonic += Math.min(step, left);
        wall += Math.min(step, left);
        lifetimes.advance();
      }
    };
    const connection = { lifetime: undefined } as never;
    const set = (ms: number) => lifetimes.set(connection, wall + ms);
    const jump = (ms: number) => {
      wall += ms;
    };
    return { lifetimes, connection, log, pass, set, jump };
  };

  it.each([-600_000, 600_000])("that is set by %i ms ends nothing sooner or later", (ms) => {
    const { lifetimes, connection, log, pass, set, jump } = openLifetimes();
    set(300_000);
    pass(100_000);
    jump(ms);
    pass(199_000);
    expect(lifetimes.isOver(connection)).toBe(false);
    expect(log).not.toContain("expire");
    pass(1_000);
    expect(lifetimes.isOver(connection)).toBe(true);
    pass(24_000);
    expect(log).not.toContain("expire");
    pass(2_000);
    expect(log).toContain("expire");
    lifetimes.close();
  });

  it("runs longer than any timer can: a lifetime of sixty days ends on its day", () => {
    const { lifetimes, log, pass, set } = openLifetimes();
    const sixtyDays = 60 * 86_400_000;
    expect(sixtyDays).toBeGreaterThan(2 ** 31);
    set(sixtyDays);
    pass(sixtyDays - 61_000, 600_000);
    expect(log).toEqual([]);
    pass(61_000);
    expect(log.filter((line) => line === "expire")).toEqual([]);
    expect(log.length).toBeGreaterThan(2);
    pass(26_000);
    expect(log.at(-1)).toBe("expire");
    lifetimes.close();
  });
});

describe("case 40: a right that is taken back", () => {
  const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => `s${from + index}`);

  it("ends what a user in the room is given, with $left after it, amid a flood", async () => {
    hostile = await openHostile();
    const { server } = hostile.harbour;
    const eve = hostile.harbour.announced("eve");
    await eve.socket.emitWithAck("$enter", { room: "quay_calm" });
    let last = 0;
    const quay = server.to.quay("calm");
    // Un-awaited, and events that wait for their like beside them: nothing of a tick may slip behind the revocation.
    for (let count = 1; count <= 50; count++) {
      last = count;
      void quay.emit("ship_loaded", loaded(`s${count}`));
      void quay.emit("tide_turned", { level: count });
      void quay.emit("gull_seen", { count });
    }
    await server.revoke("eve", "quay_calm");
    for (let count = 51; count <= 100; count++) {
      void quay.emit("ship_loaded", loaded(`s${count}`));
      void quay.emit("tide_turned", { level: count });
    }
    await hostile.healthy.got("tide_turned").catch(() => undefined);
    await expect.poll(() => ships(hostile.healthy).length, { timeout: 10_000 }).toBe(100);
    await eve.socket.emitWithAck("sound", { timestamp: "2026-11-24T05:30:19Z" });
    expect(ships(eve)).toEqual(numbers(1, last));
    const left = eve.events.findIndex(([name]) => name === "$left");
    expect(left).toBeGreaterThan(0);
    expect(eve.events.slice(left + 1).filter(([name]) => !["echoed"].includes(name))).toEqual([]);
    expect(await server.members("quay_calm")).toEqual(["healthy"]);
    await hostile.unharmed();
  });

  it("is in force for one who is away: what was appended since is not replayed, even when the right comes back", async () => {
    let allowed = true;
    hostile = await openHostile({ authorize: ({ user }) => user.userId !== "eve" || allowed });
    const { server } = hostile.harbour;
    const quay = server.to.quay("calm");
    const eve = hostile.harbour.announced("eve");
    const entry = (await eve.socket.emitWithAck("$enter", { room: "quay_calm" })) as { epoch: string; seq: number };
    const cursor = { epoch: entry.epoch, seq: entry.seq };
    eve.socket.disconnect();
    await quay.emit("ship_loaded", loaded("before"));
    allowed = false;
    await server.revoke("eve", "quay_calm");
    await quay.emit("ship_loaded", loaded("while"));
    const back = hostile.harbour.announced("eve");
    expect(await back.socket.emitWithAck("$enter", { room: "quay_calm", cursor })).toEqual(forbidden);
    allowed = true;
    expect(await back.socket.emitWithAck("$enter", { room: "quay_calm", cursor })).toMatchObject({
      ok: true,
      recovered: false,
      reason: "replay_denied",
    });
    await quay.emit("ship_loaded", loaded("after"));
    await back.got("ship_loaded");
    expect(ships(back)).toEqual(["after"]);
  });

  it("is in force amid a replay: the next page is refused, and what was held for it is not written", async () => {
    hostile = await openHostile();
    const { server } = hostile.harbour;
    const quay = server.to.quay("calm");
    const first = hostile.harbour.announced("eve");
    const { epoch, seq } = (await first.socket.emitWithAck("$enter", { room: "quay_calm" })) as {
      epoch: string;
      seq: number;
    };
    first.socket.disconnect();
    for (let count = 1; count <= 300; count++)
      await quay.emit("ship_loaded", { ...loaded(`s${count}`), manifest: { pad: "p".repeat(1_000) } });
    const eve = hostile.harbour.announced("eve");
    const entry = await eve.socket.emitWithAck("$enter", { room: "quay_calm", cursor: { epoch, seq } });
    expect(entry).toMatchObject({ ok: true, recovered: true, paged: true });
    const page = (await eve.socket.emitWithAck("$page", { epoch, after: seq, limit: 1_000 })) as { next: number };
    expect(page.next).toBeGreaterThan(0);
    void quay.emit("ship_loaded", loaded("held"));
    await server.revoke("eve", "quay_calm");
    void quay.emit("ship_loaded", loaded("later"));
    expect(await eve.socket.emitWithAck("$page", { epoch, after: page.next, limit: 1_000 })).toEqual(forbidden);
    expect(await eve.socket.emitWithAck("$heads", { cursors: [{ room: "quay_calm", epoch, seq }] })).toEqual({
      heads: [expect.objectContaining({ room: "sailor_eve" })],
      at: expect.any(Number),
    });
    await eve.got("$left");
    expect(ships(eve)).toEqual([]);
  });

  it("is not undone by entering while it is taken back", async () => {
    let release: () => void = () => {};
    let asked = 0;
    hostile = await openHostile({
      authorize: ({ user }) =>
        user.userId !== "eve" ||
        new Promise<boolean>((resolve) => {
          asked++;
          release = () => resolve(true);
        }),
    });
    const eve = hostile.harbour.announced("eve");
    const entering = eve.socket.emitWithAck("$enter", { room: "quay_calm" });
    await expect.poll(() => asked).toBe(1);
    await hostile.harbour.server.revoke("eve", "quay_calm");
    release();
    expect(await entering).toEqual(forbidden);
    await hostile.harbour.server.to.quay("calm").emit("ship_loaded", loaded("s1"));
    await hostile.healthy.got("ship_loaded");
    expect(ships(eve)).toEqual([]);
  });

  it("is refused where it would take nothing back: a room or a user that cannot be", async () => {
    hostile = await openHostile();
    const { server } = hostile.harbour;
    for (const room of ["quay_", "nope", "quay_e\u0301", ""])
      await expect(server.revoke("eve", room as never)).rejects.toMatchObject({ code: "room_invalid" });
    for (const user of ["", "e\u0301ve", "a\u0000", "x".repeat(129)]) {
      await expect(server.revoke(user, "quay_calm")).rejects.toMatchObject({ code: "room_invalid" });
      await expect(server.disconnectUser(user)).rejects.toMatchObject({ code: "room_invalid" });
    }
  });

  it("takes a whole user out: every connection, and one whose credential is being judged", async () => {
    let judge: () => void = () => {};
    hostile = await openHostile({
      authenticate: ({ auth }) =>
        auth.slow
          ? new Promise((resolve) => {
              judge = () => resolve({ userId: "eve" });
            })
          : { userId: String(auth.token) },
    });
    const { harbour } = hostile;
    const open = [harbour.announced("eve"), harbour.plain("eve")];
    await Promise.all(open.map((peer) => peer.got("welcomed")));
    const slow = harbour.plain("eve", { auth: { slow: true } });
    await once(slow.socket.io, "open");
    await new Promise((resolve) => setTimeout(resolve, 100));
    const gone = [...open, slow].map(({ socket }) => once(socket, "disconnect"));
    await harbour.server.disconnectUser("eve");
    judge();
    await Promise.all(gone);
    expect(slow.named("welcomed")).toEqual([]);
    expect(open[0]?.named("$bye")).toEqual([[{ code: "revoked", retry_after_ms: 0, spread_ms: 0 }]]);
    expect((await harbour.server.health()).connections).toBe(1);
    await hostile.unharmed();
  });

  // More users than that are not remembered: it would be all there ever were.
  it.each([
    [9_999, "$bye"],
    [10_000, "$hello"],
  ])("is known of one who is being judged while %i others are taken out, who then gets %s", async (others, word) => {
    let judge: ((user: { userId: string }) => void) | undefined;
    const authenticate = () =>
      new Promise<{ userId: string }>((resolve) => {
        judge = resolve;
      });
    const harbour = closedAtEnd(await openHarbour({ authenticate }));
    const { server } = harbour;
    // Not for the first time: the last one counts.
    for (const userId of ["eve", "mallory"]) await server.disconnectUser(userId);
    const eve = harbour.announced("eve");
    await expect.poll(() => judge).toBeDefined();
    await server.disconnectUser("eve");
    await Promise.all(Array.from({ length: others }, (_, index) => server.disconnectUser(`u${index}`)));
    judge?.({ userId: "eve" });
    await eve.got(word);
    expect(eve.events[0]?.[0]).toBe(word);
  });
});

describe.each(transports)("case 41: a room of somebody else's, over %s,", (transport) => {
  it("is entered upon a plain yes only: no other object is one, and a query of a database is waited for", async () => {
    const verdicts: readonly unknown[] = [
      {},
      [],
      { allowed: false },
      { history: "all" },
      // biome-ignore lint/suspicious/noThenProperty: what query builders give is no promise of the language.
      { then: (resolve: (verdict: boolean) => void) => resolve(false) },
    ];
    let verdict: unknown = true;
    hostile = await openHostile({ authorize: ({ user }) => user.userId === "healthy" || (verdict as boolean) });
    const eve = await hostile.enter(transport, {
      token: "eve",
      $events: { v: 1, contract: "harbour@1.0.0", client: "c", cursors: [] },
    });
    for (verdict of verdicts) expect(await hostile.ask(eve, "$enter", { room: "quay_own" })).toEqual(forbidden);
    // biome-ignore lint/suspicious/noThenProperty: as above.
    verdict = { then: (resolve: (verdict: boolean) => void) => resolve(true) };
    expect(await hostile.ask(eve, "$enter", { room: "quay_own" })).toMatchObject({ ok: true });
  });

  it("is answered like one that does not exist, however it is spelled", async () => {
    const asked: string[] = [];
    hostile = await openHostile({
      authorize: ({ user, id }) => {
        asked.push(id);
        return user.userId === "healthy" || id === "own";
      },
    });
    const eve = await hostile.enter(transport, {
      token: "eve",
      $events: { v: 1, contract: "harbour@1.0.0", client: "c", cursors: [] },
    });
    const rooms: unknown[] = [
      "quay_calm",
      "quay_none",
      "sailor_healthy",
      "sailor_eve",
      "sailor_\u0065ve\u200b",
      hostile.healthy.socket.id,
      `quay_${hostile.healthy.socket.id}`,
      "*",
      "quay_*",
      "QUAY_own",
      "quay_OWN",
      "quay_own ",
      " quay_own",
      "quay_own\u0000",
      "quay_own\n",
      "quay_ow\u006e\u0301",
      "quay_\u00f6wn".normalize("NFD"),
      "quay_own/../calm",
      `quay_${"a".repeat(300)}`,
      "quay_",
      "",
      "__proto__",
      "$own",
      7,
      null,
      true,
      ["quay_own"],
      { toString: "quay_own" },
    ];
    for (const room of rooms)
      expect({ room, answer: await hostile.ask(eve, "$enter", { room }) }).toEqual({ room, answer: forbidden });
    for (const quay_id of ["calm", "none", "own\u0000", "e\u0301", "own\n"])
      expect(await hostile.ask(eve, "whistle", { quay_id, tune: "la" })).toEqual(forbidden);
    expect(await hostile.ask(eve, "$enter", { room: "quay_own" })).toMatchObject({ ok: true });
    // An application that compares ids is asked about none that is spelled in two ways, or hides something.
    for (const id of asked) {
      expect(id).toBe(id.normalize("NFC"));
      expect(id).toMatch(/^[^\p{Cc}\p{Cs}]{1,128}$/u);
    }
    const { rooms: live } = hostile.harbour.io.sockets.adapter;
    expect([...live.keys()].filter((name) => name.startsWith("quay_")).sort()).toEqual(["quay_calm", "quay_own"]);
    await hostile.harbour.server.to.sailor("healthy").emit("letter_came", { kind: "text", text: "private" });
    await hostile.healthy.got("letter_came");
    expect(eve.frames.join()).not.toContain("private");
    await hostile.unharmed();
  });

  it("is not reached by a user id that is spelled like another's", async () => {
    hostile = await openHostile();
    for (const token of ["heal\u0000thy", "healthy\n", "e\u0301", "", "x".repeat(129), "\ud800"]) {
      const peer = hostile.harbour.plain(token, { transports: [transport] });
      const [error] = (await once(peer.socket, "connect_error")) as [{ data: unknown }];
      expect(error.data).toEqual({ code: "unauthenticated" });
    }
    for (const token of ["Healthy", "healthy ", "healthy\u200b", "sailor_healthy"]) {
      const peer = hostile.harbour.plain(token, { transports: [transport] });
      await peer.got("welcomed");
      await hostile.harbour.server.to.sailor("healthy").emit("letter_came", { kind: "text", text: "private" });
      await peer.socket.emitWithAck("sound", { timestamp: "2026-11-24T05:30:19Z" });
      expect(peer.named("letter_came")).toEqual([]);
    }
    await hostile.unharmed();
  });
});

describe("case 42: another user's client id and cursors", () => {
  it("evict nobody and reveal nothing", async () => {
    hostile = await openHostile({ authorize: ({ user, id }) => user.userId === "healthy" || id === "open" });
    const { harbour } = hostile;
    const victim = harbour.announced("victim", { client: "stolen" });
    const [hello] = (await victim.got("$hello")) as [{ rooms: { room: string; epoch: string; seq: number }[] }];
    const [own] = hello.rooms;
    await harbour.server.to.sailor("victim").emit("letter_came", { kind: "text", text: "private" });
    await victim.got("letter_came");
    // The victim's client id, room, epoch and numbers, all of them known.
    const eve = harbour.announced("eve", {
      client: "stolen",
      cursors: [own, { ...own, room: "sailor_eve" }, { room: "sailor_eve", epoch: own?.epoch, seq: 0 }],
    });
    const [hers] = (await eve.got("$hello")) as [{ rooms: { room: string; epoch: string; recovered: boolean }[] }];
    expect(hers.rooms.map(({ room }) => room)).toEqual(["sailor_eve"]);
    expect(hers.rooms[0]?.epoch).not.toBe(own?.epoch);
    expect(hers.rooms[0]?.recovered).toBe(false);
    const answers = [
      await eve.socket.emitWithAck("$page", { epoch: own?.epoch, after: 0, limit: 10 }),
      await eve.socket.emitWithAck("$enter", { room: "sailor_victim", cursor: own }),
      await eve.socket.emitWithAck("$enter", { room: "quay_calm", cursor: own }),
    ];
    expect(answers).toEqual([forbidden, forbidden, forbidden]);
    expect(await eve.socket.emitWithAck("$enter", { room: "quay_open", cursor: own })).toMatchObject({
      ok: true,
      recovered: false,
    });
    expect(await eve.socket.emitWithAck("$heads", { cursors: [own], stats: {} })).toEqual({
      heads: [expect.objectContaining({ room: "sailor_eve" }), expect.objectContaining({ room: "quay_open" })],
      at: expect.any(Number),
    });
    expect(victim.socket.connected).toBe(true);
    expect(victim.named("$bye")).toEqual([]);
    expect(JSON.stringify(eve.events)).not.toContain("private");
    await hostile.unharmed();
  });

  it("are no key to an answer that was kept for its owner", async () => {
    hostile = await openHostile();
    const [owner, eve] = [hostile.harbour.announced("owner"), hostile.harbour.announced("eve")];
    hostile.load = () => ({ on_board: 41 });
    expect(await owner.socket.emitWithAck("load_ship", command, { id: "i1" })).toMatchObject({
      data: { on_board: 41 },
    });
    hostile.load = () => ({ on_board: 1 });
    expect(await eve.socket.emitWithAck("load_ship", command, { id: "i1" })).toMatchObject({ data: { on_board: 1 } });
    expect(hostile.handled).toHaveLength(2);
  });
});

describe("case 43: what a room saw before", () => {
  const enter = async (history: boolean | number) => {
    hostile = await openHostile({
      authorize: ({ user }) => user.userId !== "eve" || (typeof history === "number" ? { history } : history),
    });
    for (let count = 1; count <= 20; count++)
      await hostile.harbour.server.to.quay("calm").emit("ship_loaded", loaded(`s${count}`));
    const eve = hostile.harbour.announced("eve");
    const entry = (await eve.socket.emitWithAck("$enter", { room: "quay_calm" })) as { epoch: string; seq: number };
    await hostile.harbour.server.to.quay("calm").emit("ship_loaded", loaded("s21"));
    await expect.poll(() => ships(eve).at(-1)).toBe("s21");
    return { eve, entry };
  };

  it("is not shown: replay starts at the head, and pages before it are refused", async () => {
    const { eve, entry } = await enter(true);
    expect(ships(eve)).toEqual(["s21"]);
    for (const after of [0, 5, entry.seq - 1])
      expect(await eve.socket.emitWithAck("$page", { epoch: entry.epoch, after, limit: 100 })).toEqual(forbidden);
    // Nor by claiming to have been there.
    const liar = hostile.harbour.announced("mallory");
    const claim = { room: "quay_calm", cursor: { epoch: `${entry.epoch.slice(0, -1)}_`, seq: 0 } };
    expect(await liar.socket.emitWithAck("$enter", claim)).toMatchObject({ recovered: false });
    expect(ships(liar)).toEqual([]);
  });

  it("is shown as far back as was granted, and no further", async () => {
    const { eve, entry } = await enter(3);
    expect(ships(eve)).toEqual(["s18", "s19", "s20", "s21"]);
    for (const after of [0, 16])
      expect(await eve.socket.emitWithAck("$page", { epoch: entry.epoch, after, limit: 100 })).toEqual(forbidden);
  });
});

const command = { quay_id: "q1", ship_id: "s1", crates: 1 };
