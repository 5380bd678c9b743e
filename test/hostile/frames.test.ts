import { afterEach, describe, expect, it } from "vitest";
import { type HostileHarbour, openHostile, transports } from "./hostile-harbour.js";

let hostile: HostileHarbour;
afterEach(() => hostile.close());

const crates = { quay_id: "q1", ship_id: "s1", crates: 3 };
const unknown = { ok: false, error: { code: "unknown_command" } };

describe.each(transports)("what is no frame, over %s", (transport) => {
  it("case 1: truncated JSON, no array, an unknown type, a stray attachment close that connection and no other", async () => {
    hostile = await openHostile();
    const broken: (string | Buffer)[] = [
      '42["whistle",{"quay_id":"q1"',
      '42{"name":"whistle"}',
      '42"whistle"',
      "42null",
      "42[",
      "49[]",
      "4x",
      "4",
      '42["whistle",NaN]',
      '42["whistle",{},]',
      '421e5["whistle",{}]',
      '42/quays,["whistle"',
      '44{"message":"x"}',
      Buffer.from([1, 2, 3]),
    ];
    for (const frame of broken) {
      const eve = await hostile.enter(transport);
      eve.send(frame);
      const end = await Promise.race([eve.end(), new Promise((resolve) => setTimeout(resolve, 5_000, "still open"))]);
      expect({ frame: String(frame), end }).not.toEqual({ frame: String(frame), end: "still open" });
    }
    await expect
      .poll(() => hostile.metrics.snapshot().total("rejected", "", "invalid_frames"), { timeout: 5_000 })
      .toBeGreaterThanOrEqual(broken.length - 2);
    expect(hostile.handled).toEqual([]);
    await hostile.unharmed();
  });

  it("case 2: no name, a number for one, an empty one reach nothing", async () => {
    hostile = await openHostile();
    const eve = await hostile.enter(transport);
    for (const name of ["", 7, 0, -1, 1e21]) expect(await hostile.ask(eve, name, crates)).toEqual(unknown);
    for (const name of [null, true, {}, [], ["load_ship"]]) {
      const other = await hostile.enter(transport);
      other.send(`42${JSON.stringify([name, crates])}`);
      await other.end();
    }
    const empty = await hostile.enter(transport);
    empty.send("42[]");
    await empty.end();
    const bare = await hostile.enter(transport);
    bare.send("42");
    bare.send("423");
    expect(await bare.came("433[")).toContain("unknown_command");
    expect(hostile.handled).toEqual([]);
    await hostile.unharmed();
  });

  it("case 3: a name of Socket.IO's own, and error, call no listener", async () => {
    hostile = await openHostile();
    for (const name of ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"]) {
      const eve = await hostile.enter(transport);
      eve.send(`42${JSON.stringify([name, "x"])}`);
      await eve.end();
    }
    const eve = await hostile.enter(transport);
    for (const name of ["error", "message", "connection", "$hello", "$bye", "$left"])
      expect(await hostile.ask(eve, name, {})).toEqual(unknown);
    expect(hostile.listened).toEqual([]);
    await hostile.unharmed();
  });

  it("case 4: a name that every object has is looked up in none", async () => {
    hostile = await openHostile();
    const eve = await hostile.enter(transport);
    for (const name of [
      "__proto__",
      "constructor",
      "prototype",
      "toString",
      "valueOf",
      "hasOwnProperty",
      "get",
      "size",
    ])
      expect(await hostile.ask(eve, name, {})).toEqual(unknown);
    expect(hostile.metrics.snapshot().total("commands")).toBe(0);
    await hostile.unharmed();
  });

  it("case 5: a __proto__ key pollutes nothing, wherever it stands", async () => {
    hostile = await openHostile();
    const eve = await hostile.enter(transport, {
      token: "eve",
      $events: { v: 1, contract: "harbour@1.0.0", client: "c", cursors: [] },
    });
    const proto = '"__proto__":{"admin":true}';
    for (const [at, payload] of [
      ["1", `{"quay_id":"q1","ship_id":"s1","crates":1,${proto}}`],
      ["2", `{"quay_id":"q1","ship_id":"s1","crates":1,"more":{${proto}}}`],
      ["3", `{"quay_id":"q1","ship_id":"s1","crates":1,"more":[[{${proto}}]]}`],
      ["4", `{${proto}}`],
    ] as const) {
      eve.send(`427${at}["load_ship",${payload}]`);
      expect(await eve.came(`437${at}[`)).toContain("payload_invalid");
    }
    for (const frame of [
      `4280["$enter",{"room":"quay_q1","cursor":{${proto}},${proto}}]`,
      `4281["$heads",{"cursors":[{${proto}}],"stats":{${proto}}}]`,
      `4282["$auth",{"auth":{"token":"eve",${proto}}}]`,
      `4283["whistle",{"quay_id":"q1","tune":"la"},{"id":"i1",${proto}}]`,
    ]) {
      eve.send(frame);
      await eve.came(`43${frame.slice(2, 4)}[`);
    }
    const other = await hostile.enter(transport, JSON.parse(`{"token":"eve","constructor":{"prototype":{"admin":1}}}`));
    expect(other.ended).toBeUndefined();
    expect(hostile.handled).toEqual([]);
    expect(({} as { admin?: unknown }).admin).toBeUndefined();
    await hostile.unharmed();
  });

  it("case 6: attachments that are too many, none, or not there close the connection, and those that are there are no payload", async () => {
    hostile = await openHostile();
    for (const frame of [
      '4511-["load_ship",{"_placeholder":true,"num":0}]',
      '459999999-["load_ship"]',
      '45-["load_ship"]',
    ]) {
      const eve = await hostile.enter(transport);
      eve.send(frame);
      await eve.end();
    }
    const misplaced = await hostile.enter(transport);
    misplaced.send('451-["load_ship",{"_placeholder":true,"num":99}]');
    misplaced.send(Buffer.from([1]));
    await misplaced.end();
    const unfinished = await hostile.enter(transport);
    unfinished.send('452-["load_ship",{"_placeholder":true,"num":0}]');
    unfinished.send(Buffer.alloc(1_000));
    unfinished.send('42["whistle",{"quay_id":"q1","tune":"la"}]');
    await unfinished.end();
    const whole = await hostile.enter(transport);
    whole.send('451-5["load_ship",{"quay_id":"q1","ship_id":{"_placeholder":true,"num":0},"crates":1}]');
    whole.send(Buffer.from("s1"));
    expect(await whole.came("435[")).toContain('"path":"ship_id"');
    whole.send('450-6["load_ship",{"quay_id":"q1","ship_id":"s1","crates":"1"}]');
    expect(await whole.came("436[").catch(() => "payload_invalid")).toContain("payload_invalid");
    expect(hostile.handled).toEqual([]);
    await hostile.unharmed();
  });

  it("case 7: a frame above 64 KiB is not read", async () => {
    hostile = await openHostile();
    const frame = (bytes: number) => {
      const start = '421["load_ship",{"quay_id":"q1","ship_id":"';
      return `${start}${"s".repeat(bytes - start.length - 3)}"}]`;
    };
    const just = await hostile.enter(transport);
    just.send(frame(65_536));
    expect(await just.came("431[")).toContain("payload_invalid");
    const above = await hostile.enter(transport);
    above.send(frame(65_537));
    expect(await above.end()).toEqual({ code: transport === "websocket" ? 1009 : 413 });
    expect(hostile.handled).toEqual([]);
    await hostile.unharmed();
  });

  it("case 8: what is too deep or has too many keys is refused before anything walks it", async () => {
    hostile = await openHostile({ allowUnsafe: ["maxHttpBufferSize"] }, { maxHttpBufferSize: 8_000_000 });
    const nest = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
    const lists = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
    const keys = (count: number) => `{${Array.from({ length: count }, (_, index) => `"k${index}":1`).join()}}`;
    const items = (count: number) => `[${"1,".repeat(count - 1)}1]`;
    const hostilePayloads = {
      "400,000 levels of objects": nest(400_000),
      // Few keys, so that nothing but its depth is too much.
      "49 levels": `{"quay_id":"q1","ship_id":"s1","crates":1,"more":${nest(48)}}`,
      "400,000 levels of lists": `{"quay_id":${lists(400_000)}}`,
      "10,000 keys": keys(10_000),
      "10,000 keys inside": `{"quay_id":"q1","ship_id":"s1","crates":1,"more":${keys(10_000)}}`,
      "1,000,000 items": `{"quay_id":${items(1_000_000)}}`,
      "5,000 lists of one": `{"quay_id":[${"[1],".repeat(5_000)}1]}`,
    };
    const eve = await hostile.enter(transport);
    let id = 100;
    for (const [why, payload] of Object.entries(hostilePayloads)) {
      eve.send(`42${++id}["load_ship",${payload}]`);
      const answer = (await eve.came(`43${id}[`)).slice(5);
      expect({ why, answer }).toEqual({ why, answer: '[{"ok":false,"error":{"code":"payload_too_large"}}]' });
    }
    // To whoever looks for a key in it, each byte is one.
    eve.send('452-199["load_ship",{"more":[{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]}]');
    for (const bytes of [10, 4_096]) eve.send(Buffer.alloc(bytes));
    expect(await eve.came("43199[")).toContain("payload_too_large");
    // What is within is judged by its schema.
    eve.send(`4299["load_ship",{"quay_id":"q1","ship_id":"s1","crates":1,"more":${nest(47)}}]`);
    expect(await eve.came("4399[")).toContain("on_board");
    expect(hostile.handled).toEqual([crates].map((known) => ({ ...known, crates: 1 })));
    await hostile.unharmed();
  });
});
