import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type RunFacts, toMarkdown } from "../bench/report.js";
import type { Row } from "../bench/statistics.js";
import { type Beside, toMarkdown as toTable } from "./beside-centrifugo.js";
import { root } from "./blocks.js";

const read = (page: string) => readFileSync(join(root, page), "utf8");
const bench = JSON.parse(read("docs/benchmarks/latest.json")) as {
  readonly facts: RunFacts;
  readonly rows: readonly (Row & { readonly value: number; readonly verdict: string })[];
};

// A page may round as it likes.
const measured = new Set(
  bench.rows.flatMap(({ value }) =>
    [0, 1, 2].map((digits) =>
      value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits }),
    ),
  ),
);

/** Ratios, and counts of three digits and more, that are no version, size of a room or other fact. */
function figuresIn(text: string): string[] {
  const facts =
    /room of 500|500 人|100,000 rooms|\d+\.\d+\.\d+|since 0\.17|AsyncAPI \d|`[^`]*`|\]\([^)]*\)|up to 64 MiB|20\d\d/gi;
  return text.replace(facts, "").match(/\d[\d,]*\.\d+|\d{1,3}(?:,\d{3})+|\d{3,}/g) ?? [];
}

/** What a page tells of the benchmark in rows of a table. */
const benchRows = (page: string) =>
  read(page)
    .split("\n")
    .filter((line) => line.startsWith("|") && line.includes("(docs/benchmarks/README.md)"))
    .join("\n");

it("tells figures of the last benchmark alone", () => {
  const performance = read("docs/performance.md").split("## What has a price")[0] as string;
  const comparison = (read("docs/comparison.md").split("## Plain Socket.IO")[1] as string)
    .replace(/20,000|238,108|7,262|200 times/g, "")
    .replace(/## Centrifugo[\s\S]*?(?=\n## )/, "")
    // Counted by test/package/editor.test.ts.
    .replace(/^\| characters of an error.*$/m, "");
  for (const [page, text, least] of [
    ["performance", performance, 15],
    ["comparison", comparison, 6],
    ["README", benchRows("README.md"), 5],
    ["README.ja", benchRows("README.ja.md"), 5],
  ] as const) {
    const figures = figuresIn(text);
    expect(figures.length, page).toBeGreaterThanOrEqual(least);
    expect({ page, stale: figures.filter((figure) => !measured.has(figure)) }).toEqual({ page, stale: [] });
  }
  expect(measured.has("0.123")).toBe(false);
});

it("shows the run that is kept, and by how much a row was let pass", () => {
  expect(read("docs/benchmarks/README.md")).toBe(toMarkdown(bench.rows, bench.facts));
  const row = { section: "emit", name: "rooms", value: 1.2, unit: "ratio", budget: "≤ 1.1" };
  expect(toMarkdown([{ ...row, noise: 0.2 }], bench.facts)).toContain("| met | within ± 20.0 % |");
  expect(toMarkdown([{ ...row, noise: 0.2, value: 1 }], bench.facts)).toContain("| met |  |");
});

it("shows what was measured beside Centrifugo", () => {
  const beside = JSON.parse(read("docs/delivery/centrifugo.json")) as Beside;
  expect(read("docs/comparison.md")).toContain(toTable(beside));
  for (const { storm } of [beside.library, beside.centrifugo]) {
    expect(storm).toMatchObject({ complete: true, published: 20_000, cuts: 200, kills: 1, lost: 0 });
    expect(read("docs/delivery.md")).toContain(`${storm.handled.toLocaleString("en")} handled`);
  }
});

it("tells of the storm and the scenes what their kept runs say", () => {
  const run = (name: string) => JSON.parse(read(`docs/delivery/${name}.json`));
  const [storm, recover, herd, stalled, queue, soak] = ["storm", "recover", "herd", "stalled", "queue", "soak"].map(
    run,
  );
  const number = (value: number) => Math.round(value).toLocaleString("en");
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
  const resyncs = Object.values<number>(storm.resyncs).reduce((sum, count) => sum + count, 0);
  const page = read("docs/delivery.md");
  for (const figure of [
    `${number(storm.published)} published, ${number(storm.handled)} handled, ${number(storm.cuts)} cuts, ${storm.kills} kills`,
    `${number(storm.missedWithResync)} more were missed and told of, by ${number(resyncs)} \`ws:resync\``,
    `${number(storm.commands)} commands, lost 0, duplicated 0, ${storm.commandsReapplied} called again`,
    `of ${storm.commandsAfterKill} commands without an answer at a kill, the storm below saw ${storm.commandsReapplied} called`,
    `of ${number(storm.lowAddressed)} low events ${number(storm.lowDropped)} dropped, and ${number(storm.lowDroppedCounted)}`,
    `recovery p50 ${number(storm.recoveryP50Ms)} ms, p99 ${number(storm.recoveryP99Ms)} ms`,
    `p50 ${number(recover.recoveryP50Ms)} ms, p99 ${number(recover.recoveryP99Ms)} ms |`,
    `all back in ${seconds(herd.small.recoveredMs)}; in ${seconds(herd.large.recoveredMs)}, event-loop lag ${herd.large.lagMaxMs} ms, ${herd.large.rssMiB} MiB`,
    `at most ${number(stalled.bytesMax)} bytes waited (cap and one frame: ${number(stalled.capPlusFrame)}), ${stalled.moreMiB} MiB more`,
    `the others' p99 ${number(stalled.p99Ms)} ms against ${number(stalled.controlP99Ms)} ms`,
    `${queue.answered} answered, ${queue.resent} resent`,
    `10 minutes, ${number(soak.cuts)} cuts`,
    `${soak.heapDriftMiB.server.toFixed(1)} MiB (server, whose log fills) and ${soak.heapDriftMiB.clients.toFixed(1)} MiB (clients)`,
  ])
    expect(page).toContain(figure);
  for (const figure of [
    `${number(storm.published)} events and ${number(storm.commands)} commands over ${number(storm.cuts)} cuts`,
    `received ${number(storm.handled)}, lost 0, duplicated 0, reordered 0; missed and told of ${number(storm.missedWithResync)}; ${storm.commandsReapplied} commands called again`,
    `p50 ${number(recover.recoveryP50Ms)} ms, p99 ${number(recover.recoveryP99Ms)} ms |`,
  ])
    expect(read("README.md")).toContain(figure);
  for (const figure of [
    `イベント ${number(storm.published)} 件とコマンド ${number(storm.commands)} 件`,
    `受信 ${number(storm.handled)} 件`,
    `通知された欠落 ${number(storm.missedWithResync)} 件（強制終了の後に再び実行されたコマンド ${storm.commandsReapplied} 件）`,
    `p50 ${number(recover.recoveryP50Ms)} ms、p99 ${number(recover.recoveryP99Ms)} ms`,
  ])
    expect(read("README.ja.md")).toContain(figure);
});

it("says how many budgets are not met, and on which day that was", () => {
  const count = bench.rows.filter(({ verdict }) => verdict === "not met").length;
  expect(read("docs/performance.md")).toContain(`${count} rows are above their budgets`);
  const [year, , day] = bench.facts.date.split("-");
  expect(read("docs/performance.md")).toMatch(new RegExp(`of ${Number(day)} \\w+ ${year}`));
});
