import type { ServerStats } from "./server-child.js";

/** What several servers say, as one; of a process's size and of its loop the worst. */
export function sumOf(all: readonly ServerStats[]): ServerStats {
  const sum = (of: keyof { [TKey in keyof ServerStats as ServerStats[TKey] extends number ? TKey : never]: 0 }) =>
    all.reduce((total, stats) => total + (stats[of] as number), 0);
  const most = (of: "rss" | "heap" | "lagMax") => Math.max(...all.map((stats) => stats[of]));
  const dropped: Record<string, number> = {};
  for (const stats of all)
    for (const [name, count] of Object.entries(stats.dropped)) dropped[name] = (dropped[name] ?? 0) + count;
  const width = Math.max(...all.map(({ murmurs }) => murmurs.length));
  return {
    published: sum("published"),
    open: sum("open"),
    taken: sum("taken"),
    refused: sum("refused"),
    unknown: sum("unknown"),
    local: sum("local"),
    failed: sum("failed"),
    overlapped: sum("overlapped"),
    murmurs: Array.from({ length: width }, (_, at) =>
      all.reduce((total, { murmurs }) => total + (murmurs[at] ?? 0), 0),
    ),
    dropped,
    connections: sum("connections"),
    rss: most("rss"),
    heap: most("heap"),
    lagMax: most("lagMax"),
    unhandled: sum("unhandled"),
  };
}
