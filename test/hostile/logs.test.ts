import { CommandRefusal } from "@gestaloka/events";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { toLogText } from "../../src/server/log-text.js";
import { createPeer, once } from "../support/harbour-server.js";
import { type HostileHarbour, openHostile, transports } from "./hostile-harbour.js";

let hostile: HostileHarbour | undefined;
afterEach(async () => {
  await hostile?.close();
  hostile = undefined;
});

const token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl";
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u;
const crates = { quay_id: "q1", ship_id: "s1", crates: 3 };

describe.each(transports)("case 48: what strangers write, over %s,", (transport) => {
  it("stands in no log as it is: one line each, no control characters, no token, no address, no payload", async () => {
    hostile = await openHostile({
      authenticate: ({ auth }) => {
        if (auth.fail) throw new Error(`no user for ${String(auth.token)}`);
        return { userId: String(auth.user ?? auth.token) };
      },
    });
    const { harbour } = hostile;
    const refused = createPeer(harbour.url, { fail: true, token }, { transports: [transport] });
    const [error] = (await once(refused.socket, "connect_error")) as [{ message: string; data: unknown }];
    expect([error.message, error.data]).toEqual(["unauthenticated", { code: "unauthenticated" }]);
    refused.socket.disconnect();
    const eve = await hostile.enter(transport, { token, user: "ada@example.com" });
    const names = [
      "a\r\nlevel=error forged",
      "\u001b[31mred",
      "nul\u0000",
      "\u202egnp.exe",
      "x".repeat(5_000),
      "ada@example.com",
    ];
    for (const name of names) await hostile.ask(eve, name, {});
    hostile.load = () => {
      throw Object.assign(new Error(`${token} ada@example.com`), { name: "Evil\r\nname ada@example.com" });
    };
    await hostile.ask(eve, "load_ship", { ...crates, ship_id: "private-payload" });
    await hostile.ask(eve, "load_ship", { ...crates, "ada@example.com\r\n": 1, crates: "private-payload" });
    hostile.load = () => ({ on_board: "private-payload" });
    await hostile.ask(eve, "load_ship", crates);
    await harbour.server.to.quay("q1").emit("ship_loaded", {
      ship_id: `private ${token}\r\n ada@example.com`,
      cargo: "tea",
      crates: 5,
      added: 2,
      manifest: { mail: "ada@example.com" },
    });
    await harbour.server.to.quay("q1").emit("ship_loaded", { "ada@example.com": 1 } as never);
    const text = JSON.stringify(hostile.logged);
    expect(hostile.logged.length).toBeGreaterThanOrEqual(5);
    for (const { fields, message } of hostile.logged) {
      for (const value of [...Object.values(fields), message])
        if (typeof value === "string") {
          expect(value).not.toMatch(unprintable);
          expect(value.length).toBeLessThan(1_000);
        }
    }
    for (const secret of [token, "ada@example.com", "private-payload", "forged"]) expect(text).not.toContain(secret);
    await hostile.unharmed();
  });

  it("makes no label of a metric", async () => {
    hostile = await openHostile({ limits: { invalidFrames: 1_000 } });
    const eve = await hostile.enter(transport);
    for (let count = 0; count < 50; count++) {
      await hostile.ask(eve, `name-${count}`, {});
      await hostile.ask(eve, "load_ship", { [`key-${count}`]: 1 });
      await hostile.ask(eve, "whistle", { quay_id: `q${count}`, tune: "la" });
      await hostile.ask(eve, "$enter", { room: `quay_${count}` });
    }
    await hostile.ask(eve, "$heads", {
      cursors: [],
      stats: { latency: { "made-up": [[0, 1, 1]] }, resync: { made_up: 1 } },
    });
    const { counters, histograms } = hostile.metrics.snapshot();
    for (const { event, reason } of counters) {
      expect(["", ...labels]).toContain(event);
      expect(reason).toMatch(/^(|critical|normal|low|[a-z_]{1,32})$/);
    }
    expect(counters.length).toBeGreaterThan(3);
    expect(counters.length).toBeLessThan(30);
    expect(histograms.map(({ histogram, event }) => [histogram, event])).toEqual([["handler", "whistle"]]);
  });

  it("comes back in no answer: a code and a path, with no value, no stack and no word of an exception", async () => {
    hostile = await openHostile();
    const eve = await hostile.enter(transport);
    const answers = [];
    hostile.load = () => {
      throw new Error("my-secret-value");
    };
    answers.push(await hostile.ask(eve, "load_ship", crates));
    hostile.load = () => {
      throw new CommandRefusal("made_up" as never);
    };
    answers.push(await hostile.ask(eve, "load_ship", crates));
    answers.push(await hostile.ask(eve, "load_ship", { ...crates, crates: "my-secret-value" }));
    answers.push(await hostile.ask(eve, "my-secret-value", crates));
    answers.push(
      await hostile.ask(eve, "load_ship", JSON.parse(`{"my-secret-value\\u0000${"k".repeat(9_000)}":{"__proto__":1}}`)),
    );
    for (const answer of answers as { ok: boolean; error: object }[]) {
      expect(answer.ok).toBe(false);
      expect(Object.keys(answer.error).every((key) => ["code", "path"].includes(key))).toBe(true);
      expect(JSON.stringify(answer).length).toBeLessThan(200);
    }
    expect(JSON.stringify(answers.slice(0, 4))).not.toContain("my-secret-value");
    const events = eve.frames.filter((frame) => frame.includes('"refused"'));
    expect(events.join()).not.toContain("my-secret-value");
    expect(eve.frames.join()).not.toMatch(/\bat .+\.[jt]s:\d+/);
  });
});

const labels = [
  "load_ship",
  "whistle",
  "dock",
  "undock",
  "sound",
  "ship_loaded",
  "tide_turned",
  "gull_seen",
  "letter_came",
  "welcomed",
  "refused",
  "docked",
  "cast_off",
  "sailor_came",
  "sailor_went",
  "echoed",
];

describe("a text for a log", () => {
  it("is one line, without tokens and addresses, and not endless", () => {
    const texts: [given: string, written: string][] = [
      ["emitted", "emitted"],
      [
        "[@gestaloka/events] sp_update (server → client): payload.x",
        "[@gestaloka/events] sp_update (server → client): payload.x",
      ],
      ["a\r\nb\u001b[31m\u0000\u2028", "a\\u000d\\u000ab\\u001b[31m\\u0000\\u2028"],
      [`Bearer ${token}`, "Bearer [token]"],
      ["to ada.l+x@mail.example.com.", "to [address]"],
      ["harbour@1.2.0 of ada@harbour.example@1.2.0", "harbour@1.2.0 of [address]@1.2.0"],
      ["ada@1.2.0.example ada@1.2.3.4", "[address] [address]"],
      ["\ud800", "\\ud800"],
    ];
    for (const [given, written] of texts) expect(toLogText(given)).toBe(written);
    // Wherever the text is cut, and however much shorter what is before becomes.
    for (let before = 200; before <= 560; before++)
      for (const words of ["x".repeat(before), `eyJ${"x".repeat(before - 3)}`])
        expect(toLogText(`${words} ada.lovelace@mail.example.com ${"z".repeat(600)}`)).not.toMatch(/ada|@mail/);
    expect(toLogText("x".repeat(256))).toBe("x".repeat(256));
    for (const long of ["x", "😀", "\u0001", "\u0001😀"].map((piece) => toLogText(piece.repeat(100_000)))) {
      expect(long).toMatch(/^[^\p{Cc}\p{Cs}]+…$/u);
      expect(long.length).toBeLessThanOrEqual(256);
      expect(long.length).toBeGreaterThan(250);
    }
    // What takes long over a long text is given none.
    const replace = vi.spyOn(String.prototype, "replace");
    onTestFinished(() => replace.mockRestore());
    for (const evil of [
      "@".repeat(100_000),
      "a@".repeat(50_000),
      `eyJ${"a".repeat(100_000)}`,
      `${"a".repeat(300)}@${"b".repeat(300)}`,
    ])
      toLogText(evil);
    expect(Math.max(...replace.mock.contexts.map((text) => (text as string).length))).toBeLessThanOrEqual(513);
  });
});
