import { AreaChart } from "@mantine/charts";
import { Button, Group, Skeleton, Text } from "@mantine/core";
import { memo } from "react";
import { Card } from "../card.js";
import { useLanguage } from "../language/language.js";
import type { Booking } from "../session/game-api.js";
import type { PointsState } from "../session/use-points.js";

/** So many bookings are drawn. */
const drawn = 20;

export function PointsCard({ points }: { readonly points: PointsState }) {
  const { say } = useLanguage();
  const { data, bookings, consume, recover } = points;
  const balance = data?.current_sp ?? 0;
  return (
    <Card
      title={say("points")}
      aside={
        data && data.consecutive_days > 0 ? (
          <Text size="sm" c="dimmed">
            {say("days", { n: data.consecutive_days })}
          </Text>
        ) : undefined
      }
    >
      <div aria-live="polite" className="balance">
        {data ? (
          <>
            <span className="balance-number" data-testid="balance">
              {balance}
            </span>
            <span className="balance-unit">{say("pointsUnit")}</span>
          </>
        ) : (
          <Skeleton h={44} w={120} />
        )}
      </div>
      <div className="points-chart">
        <BalancePlot bookings={bookings} balance={balance} />
      </div>
      <Group grow gap="sm">
        <Button variant="default" onClick={consume}>
          {say("consume")} −30
        </Button>
        <Button variant="light" onClick={recover}>
          {say("recover")} +15
        </Button>
      </Group>
    </Card>
  );
}

interface BalancePlotProps {
  readonly bookings: readonly Booking[];
  readonly balance: number;
}

const BalancePlot = memo(({ bookings, balance }: BalancePlotProps) => {
  const { language, say } = useLanguage();
  const plotted = bookings.slice(-drawn).map((booking) => ({
    at: new Date(booking.at).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit", second: "2-digit" }),
    balance: booking.balance,
  }));
  if (plotted.length < 2) return <p className="empty">{say("noHistory")}</p>;
  return (
    <div role="img" aria-label={say("balanceChart", { n: plotted.length, balance })}>
      <AreaChart
        h={120}
        data={plotted}
        dataKey="at"
        series={[{ name: "balance", label: say("pointsUnit"), color: "mist.5" }]}
        curveType="stepAfter"
        withDots={false}
        withXAxis={false}
        gridAxis="none"
        yAxisProps={{ width: 36, domain: [0, "auto"], tickCount: 3 }}
        areaProps={{ isAnimationActive: false }}
        areaChartProps={{ accessibilityLayer: false }}
      />
    </div>
  );
});
