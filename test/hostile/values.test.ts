import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type CommandDefinition, defineCommand, defineContract } from "@gestaloka/events";
import { afterEach, describe, expect, it } from "vitest";
import * as z from "zod/v4";
import type { CommandEntry } from "../../src/contract/contract.js";
import { once } from "../support/harbour-server.js";
import { refusalOf } from "../support/refusal.js";
import { type HostileHarbour, openHostile, transports } from "./hostile-harbour.js";

let hostile: HostileHarbour | undefined;
afterEach(async () => {
  await hostile?.close();
  hostile = undefined;
});

const crates = { quay_id: "q1", ship_id: "s1", crates: 3 };
const loaded = (manifest: object, more: object = {}) =>
  ({ ship_id: "s1", cargo: "tea", crates: 5, added: 2, manifest, ...more }) as never;

interface Row {
  readonly value: string;
  readonly becomes: string;
}

/** The table of docs/security.md that says what becomes of a value in an open object. */
const table: Row[] = [
  ...readFileSync(resolve(import.meta.dirname, "../../docs/security.md"), "utf8").matchAll(
    /^\| `([^`]+)` \| (refused|`[^`]+`) \|$/gm,
  ),
].map(([, value, becomes]) => ({ value, becomes }) as Row);

describe("values that are not JSON", () => {
  it("cases 9, 10 and 11: are refused or become what the table says, and leave what is emitted beside them alone", async () => {
    hostile = await openHostile();
    const { harbour, healthy } = hostile;
    await healthy.socket.emitWithAck("$enter", { room: "quay_q1" });
    expect(table.length).toBeGreaterThan(15);
    const quay = harbour.server.to.quay("q1");
    const found: Row[] = [];
    let count = 0;
    for (const { value } of table) {
      const given: unknown = new Function(`return (${value});`)();
      const before = await quay.emit("ship_loaded", loaded({ before: true }));
      const result = await quay.emit("ship_loaded", loaded({ value: given }));
      const after = await quay.emit("ship_loaded", loaded({ after: true }));
      count += result.ok ? 3 : 2;
      expect([before.ok, after.ok]).toEqual([true, true]);
      if (!result.ok) {
        expect(result.error.code).toBe("payload_invalid");
        found.push({ value, becomes: "refused" });
      } else {
        await healthy.got("ship_loaded", count);
        const [payload] = healthy.named("ship_loaded").at(-2) as [{ manifest: { value: unknown } }];
        found.push({ value, becomes: `\`${JSON.stringify(payload.manifest.value)}\`` });
      }
    }
    expect(found).toEqual(table);
    await healthy.got("ship_loaded", count);
    expect(healthy.named("ship_loaded").map(([, envelope]) => (envelope as { seq: number }).seq)).toEqual(
      Array.from({ length: count }, (_, index) => index + 1),
    );
  });

  it.each(transports)("case 9: numbers without an end are refused from a client, over %s", async (transport) => {
    hostile = await openHostile();
    const eve = await hostile.enter(transport);
    for (const number of ["1e999", "-1e999", "-0", "1e-400", "9007199254740993"]) {
      eve.send(`421["load_ship",{"quay_id":"q1","ship_id":"s1","crates":${number}}]`);
      expect(await eve.came("431[")).toContain('"path":"crates"');
    }
    expect(hostile.handled).toEqual([]);
    await hostile.unharmed();
  });
});

describe.each(transports)("payloads that are not of the contract, over %s", (transport) => {
  it("case 12: an unknown command keeps the connection, a contract of another name or major gets none", async () => {
    hostile = await openHostile();
    const eve = await hostile.enter(transport);
    expect(await hostile.ask(eve, "sp_purchase", {})).toEqual({ ok: false, error: { code: "unknown_command" } });
    expect(await hostile.ask(eve, "load_ship", crates)).toMatchObject({ on_board: 3 });
    for (const spoken of ["harbour@2.0.0", "shipyard@1.0.0", "harbour", "harbour@", "@1.0.0", "__proto__@1"]) {
      const peer = hostile.harbour.announced("eve", { contract: spoken, options: { transports: [transport] } });
      const [error] = (await once(peer.socket, "connect_error")) as [{ data: unknown }];
      expect(error.data).toEqual({ code: "version_mismatch" });
    }
    await hostile.unharmed();
  });

  it("case 13: a missing or a wrong field is named and not repeated, one too many is not handed on", async () => {
    hostile = await openHostile();
    const eve = await hostile.enter(transport);
    const secret = "my-secret-value";
    const wrong: [payload: object, path: string][] = [
      [{ ship_id: "s1", crates: 1 }, "quay_id"],
      [{ ...crates, crates: secret }, "crates"],
      [{ ...crates, ship_id: { secret } }, "ship_id"],
      [{ ...crates, ship_id: null }, "ship_id"],
      [{ ...crates, crates: [secret] }, "crates"],
      [{ ...crates, crates: 101 }, "crates"],
    ];
    for (const [payload, path] of wrong)
      expect(await hostile.ask(eve, "load_ship", payload)).toEqual({
        ok: false,
        error: { code: "payload_invalid", path },
      });
    const extra = { ...crates, role: "admin", user: { admin: true }, sailor_id: "eve" };
    expect(await hostile.ask(eve, "load_ship", extra)).toEqual({ on_board: 3 });
    expect(hostile.handled).toEqual([{ ...crates, sailor_id: "eve" }]);
    expect(await hostile.ask(eve, "load_ship", { ...crates, sailor_id: "healthy" })).toEqual({
      ok: false,
      error: { code: "identity_mismatch", path: "sailor_id" },
    });
    expect(eve.frames.join()).not.toContain(secret);
    const { server } = hostile.harbour;
    expect(await server.to.quay("calm").emit("ship_loaded", loaded({}, { role: "admin" }))).toMatchObject({
      ok: false,
      error: { code: "payload_invalid", path: "role" },
    });
    await hostile.unharmed();
  });
});

describe("a server's own mistakes", () => {
  it("case 14: an invalid event takes no number and sends no byte; in development its emit throws", async () => {
    hostile = await openHostile();
    const { harbour, healthy } = hostile;
    const quay = harbour.server.to.quay("calm");
    expect(await quay.emit("ship_loaded", loaded({}))).toEqual({ ok: true, seq: 1 });
    for (const wrong of [loaded({}, { crates: "5" }), loaded({}, { before: 4 }), {}, null, 7, "x", []])
      expect((await quay.emit("ship_loaded", wrong as never)).ok).toBe(false);
    expect(await quay.emit("ship_loaded", loaded({}))).toEqual({ ok: true, seq: 2 });
    await healthy.got("ship_loaded", 2);
    expect(healthy.events.filter(([name]) => name.startsWith("ship") || name.startsWith("$pack"))).toHaveLength(2);
    await hostile.close();
    hostile = await openHostile({ throwOnInvalid: true });
    expect(() => hostile?.harbour.server.to.quay("calm").emit("ship_loaded", {} as never)).toThrow(
      expect.objectContaining({ code: "payload_invalid" }),
    );
  });

  it("case 15: a validator that waits or throws is no validator, and a value that throws when it is read is invalid", async () => {
    for (const text of [
      z.string().refine(async () => true),
      z.string().refine(() => {
        throw new Error("secret");
      }),
      z.string().transform(async (given) => given),
    ])
      expect(refusalOf(() => matching(text))).toContain("schema_unsupported");
    hostile = await openHostile();
    const trap = Object.defineProperty({}, "deep", {
      enumerable: true,
      get() {
        throw new Error("my-secret-value");
      },
    });
    const result = await hostile.harbour.server.to.quay("calm").emit("ship_loaded", loaded(trap));
    expect(result.ok).toBe(false);
    expect(JSON.stringify(hostile.logged)).not.toContain("my-secret-value");
    expect(await hostile.harbour.server.to.quay("calm").emit("ship_loaded", loaded({}))).toEqual({ ok: true, seq: 1 });
    await hostile.unharmed();
  });

  it("case 16: a pattern that would take for ever is given no long text to match", () => {
    expect(refusalOf(() => matching(z.string().regex(/^(a+)+$/)))).toContain("schema_unsupported");
    const { payload } = matching(
      z
        .string()
        .max(20)
        .regex(/^(a+)+$/),
    );
    const endless = { text: `${"a".repeat(50_000)}!` };
    const begun = performance.now();
    for (let round = 0; round < 100; round++) expect(payload.accepts(endless, "reader")).toBe(false);
    // The pattern alone would take longer than the universe is old.
    expect((performance.now() - begun) / 100).toBeLessThan(50);
  });

  it("case 17: a handler that throws or rejects is answered internal, and goes on being called", async () => {
    hostile = await openHostile();
    const eve = await hostile.enter("websocket");
    const acts: (() => unknown)[] = [
      () => {
        throw new Error("my-secret-value");
      },
      () => Promise.reject(new Error("my-secret-value")),
      () => Promise.reject(undefined),
      () => {
        throw Object.assign(Object.create(null) as object, { code: "forbidden" });
      },
      () => ({ on_board: "my-secret-value" }),
      () =>
        new Proxy(
          {},
          {
            get: () => {
              throw new Error("my-secret-value");
            },
          },
        ),
    ];
    for (const act of acts) {
      hostile.load = act;
      expect(await hostile.ask(eve, "load_ship", crates)).toEqual({ ok: false, error: { code: "internal" } });
    }
    hostile.load = () => ({ on_board: 1 });
    expect(await hostile.ask(eve, "load_ship", crates)).toEqual({ on_board: 1 });
    expect(hostile.caught).toHaveLength(acts.length);
    expect(eve.frames.join()).not.toContain("my-secret-value");
    expect(JSON.stringify(hostile.logged)).not.toContain("my-secret-value");
    await hostile.unharmed();
  });

  it("case 18: a handler that never answers is given up, told so, and leaves nothing behind", async () => {
    hostile = await openHostile({ commandTimeoutMs: 50 });
    const eve = await hostile.enter("websocket");
    let aborted = 0;
    hostile.load = (_command, { signal }) => {
      signal.addEventListener("abort", () => aborted++);
      return new Promise(() => {});
    };
    for (let round = 0; round < 5; round++) {
      expect(await hostile.ask(eve, "load_ship", { ...crates, quay_id: `q${round}` })).toEqual({
        ok: false,
        error: { code: "timeout" },
      });
    }
    expect(aborted).toBe(5);
    // Were one still running, closing would wait for it.
    const { server } = hostile.harbour;
    await hostile.unharmed();
    const begun = performance.now();
    await server.close({ drainMs: 60_000 });
    expect(performance.now() - begun).toBeLessThan(30_000);
  });
});

/** A contract's command whose payload holds one text of this schema. */
function matching(text: z.ZodType) {
  const command = defineCommand({
    name: "match",
    since: "1.0.0",
    payload: z.object({ text }),
    ack: z.object({}),
    offline: "drop",
    summary: "Matches.",
    examples: { valid: [{ text: "aa" }], invalid: [{ path: "text", payload: { text: 1 } }] },
  } as CommandDefinition);
  const { commands } = defineContract({ name: "slow", version: "1.0.0", events: [], commands: [command], rooms: {} });
  return commands.get("match") as CommandEntry;
}
