import { startChild } from "./child.js";
import { deviation, interleave, median, type Row, ratios } from "./statistics.js";

/** What an emit costs with few rooms and with many, and with a long log, in one process that does nothing else. */
export async function roomsSection(rounds: number, onRound: (round: number) => void): Promise<Row[]> {
  const child = startChild("rooms-child.ts");
  const names = await child.ask<string[]>({ do: "start" });
  const tasks = names.map((what) => [what, () => child.ask<number>({ do: "time", what })] as const);
  const results = await interleave(rounds, Object.fromEntries(tasks), onRound);
  child.stop();
  const ratio = (above: string, below: string) => ratios(results[above] ?? [], results[below] ?? []);
  const again = ratio("fewAgain", "few");
  const noise = deviation(again);
  const section = "emit, by rooms and logs";
  const row = (name: string, of: readonly number[], budget?: string): Row => ({
    section,
    name,
    value: median(of),
    unit: "ratio",
    ...(budget !== undefined && { budget, noise }),
  });
  return [
    row("A/A: 10 rooms against 10 rooms", again),
    row("100,000 rooms against 10", ratio("many", "few"), "≤ 1.1"),
    row("raw Socket.IO: 100,000 rooms against 10", ratio("rawMany", "rawFew")),
    row("logs of 10,000 events a room against 1,000", ratio("long", "few"), "≤ 1.1"),
  ];
}
