import { AreaChart } from "@mantine/charts";
import { Card } from "../card.js";
import { ratesOf } from "../frames/rates.js";
import { useSeenLog } from "../frames/use-seen.js";
import { useLanguage } from "../language/language.js";
import { useSession } from "../session/use-session.js";

export function RateCard() {
  const { say } = useLanguage();
  const { recorder } = useSession();
  const { element, value, now } = useSeenLog(recorder, 1_000);
  const rates = ratesOf(value.seconds, now);
  const total = (key: "events" | "commands") => rates.reduce((sum, second) => sum + second[key], 0);
  const events = total("events");
  const commands = total("commands");
  return (
    <Card title={say("rate")} text={say("rateText")}>
      <div ref={element} role="img" aria-label={say("rateChart", { events, commands })}>
        <AreaChart
          h={160}
          data={rates.map(({ ago, ...second }) => ({ ...second, ago: ago === 0 ? "0 s" : `−${ago} s` }))}
          dataKey="ago"
          series={[
            { name: "events", label: say("events"), color: "mist.5" },
            { name: "commands", label: say("commands"), color: "teal.6" },
          ]}
          curveType="step"
          withDots={false}
          strokeWidth={1.5}
          withLegend
          legendProps={{ verticalAlign: "top", height: 28 }}
          xAxisProps={{ interval: 14, tickLine: false }}
          yAxisProps={{ width: 44, allowDecimals: false, domain: [0, "auto"], tickCount: 3 }}
          areaProps={{ isAnimationActive: false }}
          areaChartProps={{ accessibilityLayer: false }}
        />
      </div>
    </Card>
  );
}
