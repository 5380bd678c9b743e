import { setTimeout as sleep } from "node:timers/promises";
import { CommandRefusal, ContractError, defineContract } from "@gestaloka/events";
import { memoryBackend } from "@gestaloka/events/server";
import { afterEach, describe, expect, it } from "vitest";
import { sound } from "../fixtures/contract.js";
import { type Harbour, openHarbour, type Peer } from "../support/harbour-server.js";

let harbour: Harbour;
afterEach(() => harbour.close());

const crates = { quay_id: "q1", ship_id: "s1", crates: 3 };

/** Asks, and puts the answer among the events, where it came: a promise would be told of it after what came with it. */
function answered(peer: Peer, name: string, payload: object): Promise<void> {
  return new Promise((resolve) => {
    peer.socket.emit(name, payload, () => {
      peer.events.push(["answer"]);
      resolve();
    });
  });
}

/** A harbour whose application says who may be in a room once it is told what to say. */
async function openUndecided(): Promise<(verdict: boolean) => void> {
  let allow: (verdict: boolean) => void = () => {};
  const verdict = new Promise<boolean>((resolve) => {
    allow = resolve;
  });
  harbour = await openHarbour({ authorize: () => verdict });
  return allow;
}

describe("commands", () => {
  it("answers a plain peer with the bare data, and an announced one with the library's answer", async () => {
    harbour = await openHarbour();
    harbour.server.handle("load_ship", (command, { userId }) => ({ on_board: command.crates + userId.length }));
    const [plain, announced] = [harbour.plain("ada"), harbour.announced("bo")];
    expect(await plain.socket.emitWithAck("load_ship", crates)).toEqual({ on_board: 6 });
    expect(await announced.socket.emitWithAck("load_ship", crates)).toEqual({ ok: true, data: { on_board: 5 } });
    expect(await announced.socket.emitWithAck("load_ship", crates, { id: "c1" })).toEqual({
      ok: true,
      data: { on_board: 5 },
    });
  });

  it("takes a command with and without an id and an acknowledgement", async () => {
    harbour = await openHarbour();
    const seen: unknown[] = [];
    harbour.server.handle("whistle", ({ tune }, { commandId }) => {
      seen.push([tune, commandId]);
      return {};
    });
    const { socket } = harbour.announced("ada");
    socket.emit("whistle", { quay_id: "q1", tune: "a" });
    socket.emit("whistle", { quay_id: "q1", tune: "b" }, { id: "i1" });
    await socket.emitWithAck("whistle", { quay_id: "q1", tune: "c" });
    await socket.emitWithAck("whistle", { quay_id: "q1", tune: "d" }, { id: "i2" });
    expect(seen).toEqual([
      ["a", undefined],
      ["b", "i1"],
      ["c", undefined],
      ["d", "i2"],
    ]);
  });

  it("hands on known keys only, and no identity but the credential's", async () => {
    harbour = await openHarbour();
    const seen: unknown[] = [];
    harbour.server.handle("load_ship", (command) => {
      seen.push(command);
      return { on_board: 1 };
    });
    const { socket } = harbour.announced("ada");
    await socket.emitWithAck("load_ship", { ...crates, extra: 1 });
    await socket.emitWithAck("load_ship", { ...crates, sailor_id: "ada" });
    expect(seen).toEqual([crates, { ...crates, sailor_id: "ada" }]);
    expect(await socket.emitWithAck("load_ship", { ...crates, sailor_id: "eve" })).toEqual({
      ok: false,
      error: { code: "identity_mismatch", path: "sailor_id" },
    });
    expect(seen).toHaveLength(2);
  });

  it("refuses what does not check with the path and no value", async () => {
    harbour = await openHarbour();
    let calls = 0;
    harbour.server.handle("load_ship", () => ({ on_board: ++calls }));
    const { socket } = harbour.announced("ada");
    const wrong: unknown[] = [
      null,
      1,
      "x",
      [],
      {},
      { ...crates, crates: "secret" },
      { ...crates, ship_id: "" },
      JSON.parse('{"quay_id":"q1","ship_id":"s","crates":1,"__proto__":{"admin":true}}'),
    ];
    const answers = [];
    for (const payload of wrong) answers.push(await socket.emitWithAck("load_ship", payload));
    for (const answer of answers) expect(answer).toMatchObject({ ok: false, error: { code: "payload_invalid" } });
    expect(answers[5]).toEqual({ ok: false, error: { code: "payload_invalid", path: "crates" } });
    expect(JSON.stringify(answers)).not.toContain("secret");
    expect(({} as { admin?: unknown }).admin).toBeUndefined();
    expect(calls).toBe(0);
  });

  it.each([undefined, Number.NaN])("keeps to its limits where %s was given for one", async (payloadKeys) => {
    harbour = await openHarbour({ limits: { payloadKeys } as { payloadKeys: number } });
    harbour.server.handle("load_ship", () => ({ on_board: 1 }));
    const { socket } = harbour.announced("ada");
    expect(await socket.emitWithAck("load_ship", { ...crates, many: Array(5_000).fill(0) })).toEqual({
      ok: false,
      error: { code: "payload_too_large" },
    });
  });

  it("lets no other name reach a handler or a listener", async () => {
    harbour = await openHarbour();
    const reached: unknown[] = [];
    harbour.io.on("connection", (socket) => {
      for (const name of ["error", "anything", "__proto__", "$hello", "constructor"])
        socket.on(name, () => reached.push(name));
    });
    const { socket } = harbour.announced("ada");
    await new Promise((resolve) => socket.once("connect", () => resolve(undefined)));
    for (const name of ["error", "anything", "", "__proto__", "constructor", "toString", "$hello", "$nope", "7"]) {
      expect(await socket.emitWithAck(name, {})).toEqual({ ok: false, error: { code: "unknown_command" } });
    }
    expect(await socket.emitWithAck(7 as never, {})).toEqual({ ok: false, error: { code: "unknown_command" } });
    expect(reached).toEqual([]);
  });

  it("tells a plain peer of a refusal by the error event, in a constant text", async () => {
    harbour = await openHarbour();
    harbour.server.handle("load_ship", () => {
      throw new Error("SELECT * FROM secrets");
    });
    const plain = harbour.plain("ada");
    plain.socket.emit("load_ship", crates);
    expect(await plain.got("refused")).toEqual([{ message: "Something went wrong." }]);
  });

  it.each([
    [
      "throws, which nobody else would catch",
      (code: string): string => {
        throw new Error(`no text for ${code}`);
      },
      "Error: no text for rate_limited",
    ],
    [
      "is still to come, which may fail",
      (code: string) => Promise.reject(new Error(`no text for ${code}`)) as unknown as string,
      expect.stringContaining("errorText gave no text"),
    ],
  ])("tells its own text where the application's %s", async (_what, errorText, told) => {
    const caught: string[] = [];
    harbour = await openHarbour({ errorText, onError: (error) => caught.push(String(error)) });
    harbour.server.handle("whistle", async () => {
      throw new CommandRefusal("rate_limited");
    });
    const { socket, got } = harbour.plain("ada");
    socket.emit("whistle", { quay_id: "q1", tune: "a" });
    expect(await got("refused")).toMatchObject([{ message: "Too many commands." }]);
    expect(caught).toEqual([told]);
  });

  it("turns whatever a handler throws into a code, and tells the application what it was", async () => {
    const caught: unknown[] = [];
    harbour = await openHarbour({ onError: (error, context) => caught.push([String(error), context]) });
    const thrown: unknown[] = [
      new Error("secret"),
      new CommandRefusal("ship_full", { retryAfterMs: 500 }),
      new CommandRefusal("rate_limited"),
      new CommandRefusal("made_up"),
      "text",
      undefined,
    ];
    harbour.server.handle("load_ship", async () => {
      throw thrown.shift();
    });
    const { socket } = harbour.announced("ada");
    const answers = [];
    for (let i = 0; i < 6; i++)
      answers.push(((await socket.emitWithAck("load_ship", crates)) as { error: unknown }).error);
    expect(answers).toEqual([
      { code: "internal" },
      { code: "ship_full", retry_after_ms: 500 },
      { code: "rate_limited" },
      { code: "internal" },
      { code: "internal" },
      { code: "internal" },
    ]);
    expect(caught).toHaveLength(4);
    expect(caught[0]).toEqual(["Error: secret", { during: "command", command: "load_ship", userId: "ada" }]);
  });

  it("answers internal where what a handler throws throws as it is read, and keeps the next in the room waiting for none", async () => {
    harbour = await openHarbour({ onError() {} });
    const broken = (): never => {
      throw new Error("not to be read");
    };
    const thrown = [Object.defineProperty(new Error(), "name", { get: broken }), new Proxy({}, { get: broken })];
    harbour.server.handle("load_ship", () => {
      if (thrown.length > 0) throw thrown.pop();
      return { on_board: 1 };
    });
    const { socket } = harbour.announced("ada");
    for (const id of ["c-1", "c-2"])
      expect(await socket.emitWithAck("load_ship", crates, { id })).toEqual({ ok: false, error: { code: "internal" } });
    expect(await socket.emitWithAck("load_ship", crates)).toEqual({ ok: true, data: { on_board: 1 } });
  });

  it("tells the application of an answer that fails as it is encoded, and keeps the next in the room waiting for none", async () => {
    const caught: unknown[] = [];
    harbour = await openHarbour({ onError: (error) => caught.push(error) });
    const failure = new Error("not to be encoded");
    const toJSON = (): never => {
      throw failure;
    };
    const answers = [Object.defineProperty({ on_board: 0 }, "toJSON", { value: toJSON })];
    harbour.server.handle("load_ship", () => answers.pop() ?? { on_board: 1 });
    const { socket } = harbour.announced("ada");
    socket.emit("load_ship", crates, () => {});
    expect(await socket.emitWithAck("load_ship", crates)).toEqual({ ok: true, data: { on_board: 1 } });
    expect(caught).toEqual([failure]);
  });

  it("answers internal where a handler's data is not what was declared, and tells the application where", async () => {
    const caught: string[] = [];
    harbour = await openHarbour({ onError: (error) => caught.push((error as Error).message) });
    const answers = [{ on_board: "many" }, { on_board: 1, ship: "Ceres" }, "aye"];
    harbour.server.handle("load_ship", () => answers.shift() as never);
    harbour.server.handle("whistle", () => undefined);
    const { socket } = harbour.announced("ada");
    for (const _ of [...answers])
      expect(await socket.emitWithAck("load_ship", crates)).toEqual({ ok: false, error: { code: "internal" } });
    expect(caught).toEqual(
      [
        " at on_board: expected integer, got string",
        " at ship: expected no such key, got string",
        ": expected object, got string",
      ].map(
        (words) =>
          `[@gestaloka/events] load_ship (server → client): the handler's answer${words} (docs/errors.md#payload_invalid)`,
      ),
    );
    expect(await socket.emitWithAck("whistle", { quay_id: "q1", tune: "la" })).toEqual({ ok: true, data: {} });
  });

  it("waits for whatever can be waited for, as a query of a database that is no promise", async () => {
    harbour = await openHarbour();
    const query = (found: number) => ({
      // biome-ignore lint/suspicious/noThenProperty: that is what makes it one
      then: (done: (data: object) => void, failed: (error: Error) => void) =>
        setImmediate(() => (found < 0 ? failed(new CommandRefusal("ship_full")) : done({ on_board: found }))),
    });
    harbour.server.handle("load_ship", ({ crates }) => query(crates > 50 ? -1 : crates) as never);
    const { socket } = harbour.announced("ada");
    expect(await socket.emitWithAck("load_ship", crates)).toEqual({ ok: true, data: { on_board: crates.crates } });
    expect(await socket.emitWithAck("load_ship", { ...crates, crates: 51 })).toEqual({
      ok: false,
      error: { code: "ship_full" },
    });
  });

  it("gives a handler the refusals that its command declares", async () => {
    harbour = await openHarbour();
    harbour.server.handle("load_ship", (_, { refuse }) => {
      throw refuse("ship_full", { retryAfterMs: 500 });
    });
    const { socket } = harbour.announced("ada");
    expect(await socket.emitWithAck("load_ship", crates)).toEqual({
      ok: false,
      error: { code: "ship_full", retry_after_ms: 500 },
    });
  });

  it("answers timeout, aborts the handler's signal and tells the application when its time is over", async () => {
    const failed: unknown[] = [];
    harbour = await openHarbour({
      commandTimeoutMs: 30,
      onError: (error, context) => failed.push([(error as ContractError).code, context]),
    });
    const aborted = new Promise((resolve) => {
      harbour.server.handle("whistle", (_command, { signal }) => {
        signal.addEventListener("abort", resolve);
        return new Promise(() => {});
      });
    });
    const { socket } = harbour.announced("ada");
    expect(await socket.emitWithAck("whistle", { quay_id: "q1", tune: "la" })).toEqual({
      ok: false,
      error: { code: "timeout" },
    });
    await aborted;
    expect(failed).toEqual([["timeout", { during: "command", command: "whistle", userId: "ada" }]]);
  });

  it("says of a refusal that a handler gave back that it is to be thrown", async () => {
    const failed: unknown[] = [];
    harbour = await openHarbour({ onError: (error) => failed.push(error) });
    harbour.server.handle("whistle", (_command, { refuse }) => refuse("out_of_breath" as never) as never);
    const { socket } = harbour.announced("ada");
    expect(await socket.emitWithAck("whistle", { quay_id: "q1", tune: "la" })).toEqual({
      ok: false,
      error: { code: "internal" },
    });
    expect(failed).toEqual([expect.objectContaining({ message: expect.stringContaining("throw") })]);
  });

  it.each([Number.POSITIVE_INFINITY, Number.NaN, 2 ** 40])(
    "gives a handler a time that there is for %s ms",
    async (ms) => {
      harbour = await openHarbour({ commandTimeoutMs: ms });
      harbour.server.handle("load_ship", async () => {
        // Longer than a timer that goes off at once.
        await new Promise((resolve) => setTimeout(resolve, 20));
        return { on_board: 1 };
      });
      const { socket } = harbour.announced("ada");
      expect(await socket.emitWithAck("load_ship", crates)).toEqual({ ok: true, data: { on_board: 1 } });
    },
  );

  it("asks whether the user may, each time, and takes an error for a no", async () => {
    const asked: unknown[] = [];
    harbour = await openHarbour({
      authorize: async ({ user, action, room, kind, id, command }) => {
        asked.push([user.userId, action, room, kind, id, command]);
        if (asked.length === 2) throw new Error("down");
        return asked.length === 1;
      },
    });
    harbour.server.handle("whistle", () => undefined);
    const { socket } = harbour.announced("ada");
    const answers = [];
    for (let i = 0; i < 3; i++) answers.push(await socket.emitWithAck("whistle", { quay_id: "q1", tune: "la" }));
    const forbidden = { ok: false, error: { code: "forbidden" } };
    expect(answers).toEqual([{ ok: true, data: {} }, forbidden, forbidden]);
    expect(asked[0]).toEqual(["ada", "send", "quay_q1", "quay", "q1", "whistle"]);
    expect(await socket.emitWithAck("whistle", { quay_id: "q\u0000", tune: "la" })).toEqual(forbidden);
  });

  it("takes a question that is never answered for a no, so that the user's rooms and commands go on", async () => {
    const failed: unknown[] = [];
    const asked: string[] = [];
    harbour = await openHarbour({
      commandTimeoutMs: 30,
      authorize({ action, room }) {
        asked.push(`${action} ${room}`);
        return room === "quay_hung" ? new Promise(() => {}) : true;
      },
      onError: (error, context) => failed.push([(error as ContractError).code, context]),
    });
    harbour.server.handle("whistle", () => {});
    const { socket } = harbour.announced("ada");
    const answers = await Promise.all([
      socket.emitWithAck("$enter", { room: "quay_hung" }),
      socket.emitWithAck("$enter", { room: "quay_q1" }),
      socket.emitWithAck("whistle", { quay_id: "hung", tune: "a" }),
      socket.emitWithAck("whistle", { quay_id: "q1", tune: "b" }),
    ]);
    const no = { ok: false, error: { code: "forbidden" } };
    expect(answers).toMatchObject([no, { ok: true }, no, { ok: true }]);
    const context = { during: "authorize", room: "quay_hung", userId: "ada" };
    expect(failed).toEqual([
      ["timeout", context],
      ["timeout", context],
    ]);
    expect(asked).toHaveLength(4);
  });

  it("says that nobody serves a command, to the log once, and takes one handler for each", async () => {
    const lines: unknown[] = [];
    const warn = (fields: object, message: string) => lines.push([message, fields]);
    harbour = await openHarbour({ logger: { debug() {}, info() {}, warn, error() {} } });
    const { socket } = harbour.announced("ada");
    for (let i = 0; i < 2; i++)
      expect(await socket.emitWithAck("whistle", { quay_id: "q1", tune: "la" })).toEqual({
        ok: false,
        error: { code: "not_handled" },
      });
    expect(lines).toEqual([["command without a handler", { code: "not_handled", command: "whistle" }]]);
    expect(() => harbour.server.handle("whistle", undefined as never)).toThrow(
      expect.objectContaining({ code: "not_handled", message: expect.stringContaining("give a function") }),
    );
    harbour.server.handle("whistle", () => undefined);
    for (const name of ["whistle", "dock", "sound"])
      expect(() => harbour.server.handle(name as "whistle", () => undefined as never)).toThrow(
        expect.objectContaining({ code: "already_handled" }),
      );
    expect(() => harbour.server.handle("nope" as never, (() => undefined) as never)).toThrow(ContractError);
  });

  it("lets a handler's events arrive before its answer, to its sender and to its rooms", async () => {
    harbour = await openHarbour();
    harbour.server.handle("whistle", async ({ quay_id, tune }, { sender }) => {
      void harbour.server.to.quay(quay_id).emit("sailor_went", { sailor_id: tune });
      void sender.emit("refused", { message: sender.id });
      void harbour.server.to.quay(quay_id).emit("sailor_went", { sailor_id: "last" });
    });
    const ada = harbour.announced("ada");
    await ada.socket.emitWithAck("dock", { quay_id: "q1" });
    ada.events.length = 0;
    await answered(ada, "whistle", { quay_id: "q1", tune: "la" });
    expect(ada.events.map(([name]) => name)).toEqual(["sailor_went", "refused", "sailor_went", "answer"]);
    expect(ada.events[1]?.[1]).toEqual({ message: ada.socket.id });
  });

  it("lets what was emitted before arrive before the answer to a frame of the library", async () => {
    harbour = await openHarbour();
    harbour.io.on("connection", (socket) =>
      socket.use(([name], next) => {
        if (name === "$heads") void harbour.server.to.quay("q1").emit("sailor_went", { sailor_id: "zoe" });
        next();
      }),
    );
    const ada = harbour.announced("ada");
    await ada.socket.emitWithAck("$enter", { room: "quay_q1" });
    ada.events.length = 0;
    await answered(ada, "$heads", {});
    expect(ada.events.map(([name]) => name)).toEqual(["sailor_went", "answer"]);
  });

  it("takes nothing that the application's middleware refuses", async () => {
    harbour = await openHarbour();
    const called: unknown[] = [];
    const refused: unknown[] = [];
    harbour.server.handle("whistle", ({ tune }) => void called.push(tune));
    harbour.io.on("connection", (socket) => {
      socket.use(([, payload], next) => next(payload.tune === "la" ? new Error("not that one") : undefined));
      socket.on("error", ({ message }) => refused.push(message));
    });
    const { socket } = harbour.announced("ada");
    socket.emit("whistle", { quay_id: "q1", tune: "la" }, { id: "c1" });
    await socket.emitWithAck("whistle", { quay_id: "q1", tune: "do" }, { id: "c2" });
    expect([called, refused]).toEqual([["do"], ["not that one"]]);
  });

  it("takes nothing of a user who is put out while the application's middleware looks at it", async () => {
    harbour = await openHarbour();
    const called: unknown[] = [];
    harbour.server.handle("whistle", ({ tune }) => void called.push(tune));
    let pass = () => {};
    const looking = new Promise<void>((resolve) => {
      harbour.io.on("connection", (socket) =>
        socket.use((_packet, next) => {
          if (called.length > 0) return next();
          pass = next;
          resolve();
        }),
      );
    });
    harbour.announced("ada").socket.emit("whistle", { quay_id: "q1", tune: "la" }, { id: "c1" });
    await looking;
    await harbour.server.disconnectUser("ada");
    pass();
    called.push("put out");
    await harbour.announced("bob").socket.emitWithAck("whistle", { quay_id: "q1", tune: "do" });
    expect(called).toEqual(["put out", "do"]);
  });

  it("starts a connection's commands in the order sent, however long each is asked for, and runs serial ones apart", async () => {
    const log: string[] = [];
    const waits = [30, 1, 10, 1];
    harbour = await openHarbour({
      authorize: () => new Promise((resolve) => setTimeout(resolve, waits.shift() ?? 0, true)),
    });
    let whistled = () => {};
    const last = new Promise<void>((resolve) => {
      whistled = resolve;
    });
    harbour.server.handle("whistle", ({ tune }) => {
      log.push(tune);
      if (tune === "two") whistled();
    });
    harbour.server.handle("load_ship", async ({ crates }) => {
      log.push(`start ${crates}`);
      await (crates === 1 ? new Promise((resolve) => setTimeout(resolve, 15)) : last);
      log.push(`end ${crates}`);
      return { on_board: crates };
    });
    const { socket } = harbour.announced("ada");
    await Promise.all([
      socket.emitWithAck("whistle", { quay_id: "q1", tune: "one" }),
      socket.emitWithAck("load_ship", { ...crates, crates: 1 }),
      socket.emitWithAck("load_ship", { ...crates, crates: 2 }),
      socket.emitWithAck("whistle", { quay_id: "q1", tune: "two" }),
    ]);
    expect(log).toEqual(["one", "start 1", "end 1", "start 2", "two", "end 2"]);
  });

  /** A handler of `load_ship` whose first call ends with `finish()`; `called` has the crates of each. */
  function holdFirst() {
    const called: number[] = [];
    let finish = () => {};
    const first = new Promise<void>((begun) => {
      harbour.server.handle("load_ship", async ({ crates }) => {
        called.push(crates);
        begun();
        if (called.length === 1)
          await new Promise<void>((resolve) => {
            finish = resolve;
          });
        return { on_board: crates };
      });
    });
    return { called, first, finish: () => finish() };
  }

  it("asks for a serial command when it is its turn: what was taken back while it waited is", async () => {
    let may = true;
    harbour = await openHarbour({ authorize: () => may });
    const { called, first, finish } = holdFirst();
    const { socket } = harbour.announced("ada");
    const answers = [1, 2].map((count) => socket.emitWithAck("load_ship", { ...crates, crates: count }));
    await first;
    // A ping waits for no command: the second has come by then.
    await socket.emitWithAck("sound", { timestamp: "2026-11-24T05:30:19Z" });
    may = false;
    await harbour.server.revoke("ada", "quay_q1");
    finish();
    expect(await Promise.all(answers)).toEqual([
      { ok: true, data: { on_board: 1 } },
      { ok: false, error: { code: "forbidden" } },
    ]);
    expect(called).toEqual([1]);
  });

  it("calls no handler any more once the server has closed: what waited is left to the next one", async () => {
    const backend = memoryBackend();
    harbour = await openHarbour({ backend });
    const { called, first, finish } = holdFirst();
    const { socket } = harbour.announced("ada");
    const load = (count: number) => [{ ...crates, crates: count }, { id: `c${count}` }] as const;
    for (const count of [1, 2]) socket.emit("load_ship", ...load(count));
    await first;
    await socket.emitWithAck("sound", { timestamp: "2026-11-24T05:30:19Z" });
    await harbour.server.close({ drainMs: 0 });
    const next = await openHarbour({ backend });
    next.server.handle("load_ship", ({ crates }) => ({ on_board: crates }));
    // It waits for its turn no longer, though the first still has it.
    const answer = await next.announced("ada").socket.emitWithAck("load_ship", ...load(2));
    expect(answer).toEqual({ ok: true, data: { on_board: 2 } });
    finish();
    await next.close();
    expect(called).toEqual([1]);
  });

  it("leaves to the next server what a handler gives up as it is aborted, and keeps what else it failed with", async () => {
    const backend = memoryBackend();
    harbour = await openHarbour({ backend });
    let running = 0;
    const begun = new Promise<void>((resolve) =>
      harbour.server.handle("load_ship", async ({ crates }, { signal }) => {
        if (++running === 2) resolve();
        await sleep(60_000, undefined, { signal }).catch((error) => {
          throw crates === 1 ? error : new Error("the crane is broken", { cause: error });
        });
        return { on_board: 0 };
      }),
    );
    const send = ({ socket }: Peer, count: number) =>
      socket.emitWithAck("load_ship", { ...crates, quay_id: `q${count}`, crates: count }, { id: `c${count}` });
    const ada = harbour.announced("ada");
    for (const count of [1, 2]) void send(ada, count).catch(() => {});
    await begun;
    await harbour.server.close({ drainMs: 0 });
    const next = await openHarbour({ backend });
    next.server.handle("load_ship", ({ crates }) => ({ on_board: crates }));
    const again = next.announced("ada");
    const answers = [await send(again, 1), await send(again, 2)];
    await next.close();
    expect(answers).toEqual([
      { ok: true, data: { on_board: 1 } },
      { ok: false, error: { code: "internal" } },
    ]);
  });

  it("tells a client to wait that has a few dozen too many on their way, and lets it stay", async () => {
    harbour = await openHarbour({ limits: { commandBurst: 20, commandsPerSecond: 0.01 } });
    harbour.server.handle("whistle", () => {});
    const { socket } = harbour.announced("ada");
    const answers = (await Promise.all(
      Array.from({ length: 100 }, () => socket.emitWithAck("whistle", { quay_id: "q1", tune: "la" })),
    )) as { ok: boolean; error?: { code: string } }[];
    expect(answers.filter(({ ok }) => ok)).toHaveLength(20);
    expect(answers.filter(({ error }) => error?.code === "rate_limited")).toHaveLength(80);
    // Nor is it kept in a room for it.
    expect(await socket.emitWithAck("undock", { quay_id: "q1" }, { id: "i" })).toEqual({ ok: true, data: {} });
  });

  it("lets 256 commands of a connection wait for one that is asked for, and tells the next to wait itself", async () => {
    const allow = await openUndecided();
    harbour.server.handle("whistle", () => {});
    const { socket } = harbour.announced("ada");
    const whistle = () => socket.emitWithAck("whistle", { quay_id: "q1", tune: "la" });
    const answers = Array.from({ length: 256 }, whistle);
    expect(await whistle()).toEqual({ ok: false, error: { code: "rate_limited" } });
    // Nor is it kept in a room for them.
    expect(await socket.emitWithAck("undock", { quay_id: "q1" })).toEqual({ ok: true, data: {} });
    allow(true);
    expect(new Set((await Promise.all(answers)).map(({ ok }) => ok))).toEqual(new Set([true]));
    expect(await whistle()).toEqual({ ok: true, data: {} });
  });

  it("lets 256 joins of a connection wait for one that is asked for, and tells the next to wait itself", async () => {
    const allow = await openUndecided();
    const { socket } = harbour.announced("ada");
    const dock = () => socket.emitWithAck("dock", { quay_id: "q1" });
    const answers = Array.from({ length: 256 }, dock);
    expect(await dock()).toEqual({ ok: false, error: { code: "rate_limited" } });
    allow(true);
    expect(new Set((await Promise.all(answers)).map(({ ok }) => ok))).toEqual(new Set([true]));
    expect(await dock()).toMatchObject({ ok: true });
  });

  it("answers a ping at once, though a join before it waits for the application", async () => {
    const allow = await openUndecided();
    const { socket } = harbour.announced("ada");
    const order: string[] = [];
    const docked = socket.emitWithAck("dock", { quay_id: "q1" }).then(() => order.push("dock"));
    expect(await socket.emitWithAck("sound", { timestamp: "2026-11-24T05:30:19Z" })).toMatchObject({ ok: true });
    order.push("sound");
    allow(true);
    await docked;
    expect(order).toEqual(["sound", "dock"]);
  });

  it.each([
    ["two users in one room", "bob", "q1"],
    ["one user in two rooms", "ada", "q2"],
  ])("runs serial commands of %s side by side", async (_, other, quay_id) => {
    harbour = await openHarbour();
    const started: string[] = [];
    let meet = () => {};
    const met = new Promise<void>((resolve) => {
      meet = resolve;
    });
    harbour.server.handle("load_ship", async (_, { userId }) => {
      if (started.push(userId) === 2) meet();
      await met;
      return { on_board: 1 };
    });
    const load = (userId: string, quay_id: string) =>
      harbour.announced(userId).socket.emitWithAck("load_ship", { ...crates, quay_id });
    await Promise.all([load("ada", "q1"), load(other, quay_id)]);
    expect(started.sort()).toEqual(["ada", other]);
  });

  it("hands a command of no room to its handler, and asks for no right", async () => {
    const asked: unknown[] = [];
    const soundings = defineContract({
      name: "soundings",
      version: "1.0.0",
      events: [],
      commands: [sound],
      rooms: {},
      roles: {},
    });
    harbour = await openHarbour({ contract: soundings as never, authorize: (...all) => asked.push(all) > 0 });
    const handled: unknown[] = [];
    const timestamp = "2026-11-24T05:30:19Z";
    harbour.server.handle(
      "sound" as never,
      ((payload: object, { userId }: { userId: string }) => {
        handled.push({ ...payload, userId });
        return { server_time: timestamp };
      }) as never,
    );
    const { socket } = harbour.announced("ada", { contract: "soundings@1.0.0" });
    expect(await socket.emitWithAck("sound", { timestamp })).toEqual({ ok: true, data: { server_time: timestamp } });
    expect(handled).toEqual([{ timestamp, userId: "ada" }]);
    expect(asked).toEqual([]);
  });

  it("refuses what it answers itself as it does any other: malformed, or in another's name", async () => {
    harbour = await openHarbour();
    const { socket } = harbour.announced("ada");
    for (const [name, payload, error] of [
      ["dock", {}, { code: "payload_invalid", path: "quay_id" }],
      ["dock", { quay_id: "q1", sailor_id: "eve" }, { code: "identity_mismatch", path: "sailor_id" }],
      ["undock", { quay_id: 1 }, { code: "payload_invalid", path: "quay_id" }],
      ["sound", { timestamp: "now" }, { code: "payload_invalid", path: "timestamp" }],
    ] as const)
      expect(await socket.emitWithAck(name, payload)).toEqual({ ok: false, error });
    expect(await harbour.server.members("quay_q1" as never)).toEqual([]);
  });

  it("answers the ping itself, with the pong event and the server's time", async () => {
    harbour = await openHarbour();
    const plain = harbour.plain("ada");
    const timestamp = "2026-11-24T05:30:19.123456";
    const data = (await plain.socket.emitWithAck("sound", { timestamp })) as { server_time: string };
    expect(Math.abs(Date.parse(data.server_time) - Date.now())).toBeLessThan(10_000);
    expect(plain.named("echoed")).toEqual([[{ timestamp }]]);
  });
});
