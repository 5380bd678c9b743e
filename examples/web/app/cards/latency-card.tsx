import { LineChart } from "@mantine/charts";
import { Text } from "@mantine/core";
import { memo, useMemo } from "react";
import { Card } from "../card.js";
import type { Frame } from "../frames/frame-log.js";
import { useSeenLog } from "../frames/use-seen.js";
import { useLanguage } from "../language/language.js";
import { useSession } from "../session/use-session.js";

/** So many events are drawn. */
const drawn = 60;

export function LatencyCard() {
  const { say } = useLanguage();
  const { recorder } = useSession();
  const { element, value } = useSeenLog(recorder, 1_000);
  const { frames } = value;
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
      <div ref={element} className="plot">
        {data.length === 0 ? (
          <p className="empty">{say("noEvents")}</p>
        ) : (
          <div role="img" aria-label={say("latencyChart", { n: data.length, median, max })}>
            <LatencyPlot data={data} />
          </div>
        )}
      </div>
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
    yAxisProps={{ width: 44, domain: [0, "auto"], tickCount: 4 }}
    lineProps={{ isAnimationActive: false }}
    lineChartProps={{ accessibilityLayer: false }}
  />
));
