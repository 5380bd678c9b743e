import { readFileSync } from "node:fs";
import { join } from "node:path";
import { memoryBackend } from "@gestaloka/events/server";
import { afterEach, describe, expect, it } from "vitest";
import { jsonLine } from "../../src/cli/tail/seen-event.js";
import { queueLimits } from "../../src/client/session.js";
import { answerLimits } from "../../src/delivery/answers.js";
import { coalesceMs, lowBatchCount, lowBatchMs } from "../../src/delivery/lanes.js";
import { latencyBounds } from "../../src/delivery/latency.js";
import { hardCapBytes, softCapBytes } from "../../src/delivery/outflow.js";
import { holdBackMs } from "../../src/delivery/room-cursor.js";
import { roomLogLimits } from "../../src/delivery/room-log.js";
import { redisLogLimits } from "../../src/redis/room-store.js";
import { serverLimits, serverTimes } from "../../src/server/limits.js";
import { heldBytes } from "../../src/server/live-room.js";
import { counters, gauges, histograms } from "../../src/server/metrics.js";
import { safeConnectMs, safeFrameBytes } from "../../src/server/unsafe-options.js";
import { runCli } from "../cli/cli-run.js";
import { type Harbour, openHarbour } from "../support/harbour-server.js";
import { root } from "./blocks.js";

const read = (path: string) => readFileSync(join(root, path), "utf8");

/** The rows of a page's tables, by their first cell. */
function rowsOf(page: string): Map<string, readonly string[]> {
  const rows = [
    ...read(page)
      .replaceAll("| |", "|  |")
      .matchAll(/^\| (.*) \|$/gm),
  ].map(([, row = ""]) => row.split(" | "));
  return new Map(rows.map(([first = "", ...others]) => [first, others]));
}

const [second, minute, hour] = [1_000, 60_000, 3_600_000];
const [kibi, mebi] = [1_024, 1_024 * 1_024];
const said = (number: number) => number.toLocaleString("en");

it("docs/ci.md names each key of what validate, diff and tail write as JSON", async () => {
  const [cells, page] = [rowsOf("docs/ci.md"), read("docs/ci.md")];
  const written = async (...argv: string[]) => JSON.parse((await runCli([...argv, "--format", "json"])).stdout);
  const report = await written("validate", "test/fixtures/captures/python-server-rejected.ndjson");
  const verdict = await written("diff", "docs/contract/contract.json", "examples/own-contract/contract.ts");
  const meta = { room: "quay_q", seq: 1, at: 1, replayed: false };
  const seen = { event: "gull_seen", payload: {}, meta, receivedAt: 1, latencyMs: 1, problem: "none" };
  for (const [command, document] of [
    ["validate --format json", report],
    ["diff --format json", verdict],
    ["tail --json", JSON.parse(jsonLine(seen))],
  ] as const) {
    const row = cells.get(`\`${command}\``)?.join(" ");
    for (const key of Object.keys(document)) expect(row, command).toContain(`\`${key}\``);
  }
  const [[problem], [finding]] = [report.problems, verdict.findings];
  for (const key of [...Object.keys(problem), ...Object.keys(finding)]) expect(page).toContain(`\`${key}\``);
});

it.each<[page: string, row: string, figures: string[]]>([
  ["protocol", "wait of an event that coalesces", [`${coalesceMs} ms`]],
  ["protocol", "a low batch", [`${lowBatchMs} ms`, `${lowBatchCount} events`]],
  [
    "protocol",
    "kept events of a room, in memory",
    [`${roomLogLimits.keepMs / minute} minutes`, said(roomLogLimits.keepCount), `${roomLogLimits.maxBytes / mebi} MiB`],
  ],
  [
    "protocol",
    "kept events of a room, in Redis",
    [said(redisLogLimits.keepCount), redisLogLimits.keepMs === hour ? "an hour" : "another time"],
  ],
  [
    "protocol",
    "kept heads",
    [`${roomLogLimits.headMs / hour} h`, `${redisLogLimits.headMs / hour} h`, said(roomLogLimits.maxRooms)],
  ],
  ["protocol", "live events held during a replay", [`${heldBytes / mebi} MiB`]],
  ["protocol", "wait for a missing number", [`${holdBackMs} ms`]],
  ["protocol", "kept answers of commands", [`${answerLimits.keepMs / minute} minutes`]],
  ["protocol", "age limit of a waiting command", [`${queueLimits.maxAgeMs / minute} minutes`]],
  ["protocol", "first warning before a credential's end", [`${serverTimes.expiryWarningMs / second} s`]],
  ["protocol", "a connection after its credential's end", [`${serverTimes.expiryGraceMs / second} s`]],
  ["protocol", "bytes waiting for one connection", [`${softCapBytes / kibi} KiB`, `${hardCapBytes / mebi} MiB`]],
  ["security", "a connection that gives no credential", [`${safeConnectMs / second} s`]],
  ["security", "connections of a user", [`${serverLimits.connectionsPerUser}, \`limits.connectionsPerUser\``]],
  [
    "security",
    "commands of a user",
    [`${serverLimits.commandBurst} at a stretch`, `${serverLimits.commandsPerSecond} a second`],
  ],
  ["security", "a handler", [`${serverTimes.commandTimeoutMs / second} s, \`commandTimeoutMs\``]],
  ["security", "frames that are not of the contract", [`${serverLimits.invalidFrames} strikes a minute`]],
  ["security", "a frame", [`${said(safeFrameBytes)} bytes`]],
  [
    "security",
    "a payload, or a credential",
    [`${serverLimits.payloadDepth} levels`, `${said(serverLimits.payloadKeys)} keys`],
  ],
])("docs/%s.md says of %s what the sources do", (page, row, figures) => {
  const [words] = rowsOf(`docs/${page}.md`).get(row) ?? [];
  for (const figure of figures) expect(words).toContain(figure);
});

it.each<[page: string, said: string]>([
  ["client", `up to ${queueLimits.maxCount} of them, and ${queueLimits.maxBytes / kibi} KiB`],
  ["errors", `${queueLimits.maxCount} commands or ${queueLimits.maxBytes / kibi} KiB`],
  ["delivery", `the last ${said(answerLimits.maxPerUser)} answers of a user`],
  ["delivery", `${said(answerLimits.maxCount)} or ${answerLimits.maxBytes / mebi} MiB in all`],
  [
    "protocol",
    `end at ${latencyBounds
      .map(said)
      .join(", ")
      .replace(/, ([\d,]+)$/, " and $1")} ms; bucket ${latencyBounds.length} is`,
  ],
  ["server", `\`drainMs\` (${serverTimes.drainMs / second} s)`],
  ["server", `${serverTimes.presenceGraceMs / second} s (\`presenceGraceMs\`)`],
])("docs/%s.md says %s, as the sources do", (page, words) => {
  expect(read(`docs/${page}.md`).replace(/\s+/g, " ")).toContain(words);
});

it("lists every metric with its labels, and no other", () => {
  const rows = [...rowsOf("docs/observability.md")].flatMap(([names, [labels = ""]]) =>
    [...names.matchAll(/`([a-z_]+)`/g)].map(([, name = ""]) => [name, labels] as const),
  );
  const labelled = (shapes: Record<string, { readonly labels: readonly string[] }>, suffix: string) =>
    Object.entries(shapes).map(([name, { labels }]) => [name + suffix, labels.join(", ")] as const);
  const metrics = [...labelled(counters, "_total"), ...labelled(histograms, "_seconds")];
  expect(rows.filter(([name]) => /_(total|seconds)$/.test(name)).sort()).toEqual(metrics.sort());
  for (const gauge of Object.keys(gauges)) expect(rows).toContainEqual([gauge, ""]);
});

it("lists every reason of a resync, and no other", () => {
  const [, own = ""] = /type RecoveryReason =([^;]*);/.exec(read("src/delivery/recovery.ts")) ?? [];
  const [, losses = ""] = /knownLosses.*\[(.*)\]/.exec(read("src/client/rooms.ts")) ?? [];
  const reasons = [...`${own}${losses}`.matchAll(/"(\w+)"/g)].map(([, reason]) => reason);
  const section = read("docs/delivery.md").split("## Reasons of a resync")[1]?.split("\n## ")[0] as string;
  const listed = [...section.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, names = ""]) => names.match(/\w+/g) ?? []);
  expect(listed.sort()).toEqual([...new Set([...reasons, "payload_invalid", "plain"])].sort());
});

it("lists every event that a client tells of itself, with all that it says", () => {
  const declared = [...read("src/client/local-events.ts").matchAll(/readonly "(ws:[\w-]+)": \{([\s\S]*?)\};\n/g)];
  expect(declared.length).toBeGreaterThan(4);
  const rows = rowsOf("docs/client.md");
  for (const [, name, fields = ""] of declared)
    for (const [, field] of fields.matchAll(/readonly (\w+)\??:/g))
      expect([name, rows.get(`\`${name}\``)?.[1]]).toEqual([name, expect.stringContaining(`\`${field}\``)]);
  expect([...rows.keys()].filter((name) => name.startsWith("`ws:"))).toHaveLength(declared.length);
});

describe("docs/protocol.md", () => {
  let harbour: Harbour;
  afterEach(() => harbour.close());

  it("names all that a server says of itself and of a room that is entered", async () => {
    const page = read("docs/protocol.md");
    const shown = (frame: RegExp) => new Set(frame.exec(page)?.[1]?.match(/\w+/g));
    const keys = (value: unknown): string[] =>
      typeof value !== "object" || value === null
        ? []
        : Object.entries(value).flatMap(([key, held]) => (Array.isArray(value) ? keys(held) : [key, ...keys(held)]));
    harbour = await openHarbour({
      authorize: ({ action }) => action === "send" || { history: 1_000 },
      backend: memoryBackend(),
    });
    const load = { ship_id: "s", cargo: "salt", crates: 1, added: 1, manifest: { note: "n".repeat(100) } } as const;
    for (let number = 0; number < 1_000; number++) await harbour.server.to.quay("q").emit("ship_loaded", load);
    const ada = harbour.announced("ada");
    const [hello] = await ada.got("$hello");
    const missing = (value: unknown, names: ReadonlySet<string>) => keys(value).filter((key) => !names.has(key));
    expect(missing(hello, shown(/`\$hello \{(.*)\}`/))).toEqual([]);
    const { data: _, ...answer } = (await ada.socket.emitWithAck("$enter", { room: "quay_q" })) as { data: unknown };
    expect(Object.keys(answer)).toEqual(expect.arrayContaining(["after", "paged"]));
    expect(missing(answer, shown(/`\{ (ok: true, data, epoch.*) \}`/))).toEqual([]);
  });
});
