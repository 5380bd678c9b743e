import { printable } from "../printable.js";
import { counted } from "../report/words.js";
import type { Histogram } from "./histogram.js";
import type { LoadResult } from "./run-load.js";
import type { Load } from "./scenario.js";

/** What a load came to, for a person. */
export function loadReport(load: Load, { sent, applied, refused, answers, events, ms }: LoadResult): string {
  const codes = [...refused].map(([code, times]) => `${printable(code)} ${times.toLocaleString("en")}`).join(", ");
  const rate = Math.round(sent / (ms / 1_000)).toLocaleString("en");
  return [
    `${counted(load.players, "player")}, ${counted(sent, "command")} in ${(ms / 1_000).toFixed(1)} s (${rate}/s): ` +
      `${applied.toLocaleString("en")} applied${codes === "" ? "" : `, refused: ${codes}`}`,
    `send to answer: ${percentiles(answers)}`,
    ...answers.lines(),
    `emit to handler, ${counted(events.count, "event")}: ${percentiles(events)}`,
    ...events.lines(),
    "",
  ].join("\n");
}

function percentiles(times: Histogram): string {
  const of = (share: number) => `${times.percentile(share).toFixed(1)} ms`;
  return `p50 ${of(0.5)}, p95 ${of(0.95)}, p99 ${of(0.99)}, longest ${times.longest.toFixed(1)} ms`;
}

/** A bar for a terminal: `[████      ] 40 %`. */
export function progressBar(share: number, width = 30): string {
  const done = Math.round(share * width);
  return `[${"█".repeat(done)}${" ".repeat(width - done)}] ${Math.floor(share * 100)} %`;
}
