import { LineChart } from "@mantine/charts";
import { Text } from "@mantine/core";
import { memo, useMemo } from "react";
import { Card } from "../card.js";
import type { Frame } from "../frames/frame-log.js";
import { useSlowly } from "../frames/use-slowly.js";
import { useLanguage } from "../language/language.js";
import { useSession } from "../session/use-session.js";

/** So many events are drawn. */
const drawn = 60;

export function LatencyCard() {
  const { say } = useLanguage();
  const { recorder } = useSession();
  const { frames } = useSlowly(recorder);
  const data = useMemo(() => latenciesOf(frames), [frames]);
  const sorted = data.map(({ ms }) => ms).sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const max = sorted.at(-1) ?? 0;
  return (
    <Card
      title={say("latency")}
      text={say("latencyText", { n: drawn })}
      aside={
        <Text className="plot-figure">
          {median} <small>ms</small>
        </Text>
      }
    >
      {data.length === 0 ? (
        <p className="empty plot">{say("noEvents")}</p>
      ) : (
        <div role="img" aria-label={say("latencyChart", { n: data.length, median, max })}>
          <LatencyPlot data={data} />
        </div>
      )}
    </Card>
  );
}

interface Latency {
  readonly event: string;
  readonly ms: number;
}

/** The last events' latencies, the oldest first. */
function latenciesOf(frames: readonly Frame[]): Latency[] {
  return frames
    .flatMap(({ id, kind, name, latencyMs: ms }) =>
      kind === "event" && ms !== undefined ? [{ event: `${name} #${id}`, ms }] : [],
    )
    .slice(0, drawn)
    .reverse();
}

const LatencyPlot = memo(({ data }: { readonly data: Latency[] }) => (
  <LineChart
    h={160}
    data={data}
    dataKey="event"
    series={[{ name: "ms", label: "ms", color: "mist.5" }]}
    curveType="linear"
    dotProps={{ r: 2, strokeWidth: 1 }}
    strokeWidth={1.5}
    withXAxis={false}
    yAxisProps={{ width: 60, domain: [0, "auto"], tickCount: 4 }}
    unit=" ms"
    lineProps={{ isAnimationActive: false }}
    lineChartProps={{ accessibilityLayer: false }}
  />
));
