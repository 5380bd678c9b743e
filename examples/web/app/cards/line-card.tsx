import { useConnection } from "@gestaloka/events/react";
import { Button, SimpleGrid, Table, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import { Card } from "../card.js";
import { AlertIcon, CheckIcon, CutIcon, PlaneIcon, PowerIcon, WifiIcon } from "../icons.js";
import { useLanguage } from "../language/language.js";
import { control } from "../session/control.js";
import { useLog } from "../session/use-log.js";
import type { PointsState } from "../session/use-points.js";
import { useSession } from "../session/use-session.js";
import type { Story } from "../session/use-story.js";
import { useTally } from "../session/use-tally.js";

const settleMs = 2_500;

interface LineCardProps {
  readonly story: Story;
  readonly points: PointsState;
}

export function LineCard({ story, points }: LineCardProps) {
  const { say } = useLanguage();
  const { player, client, lineUp } = useSession();
  const [up, setUp] = useState(lineUp);
  const press = (action: string) => void control(action, player);

  async function toggle(): Promise<void> {
    await control(up ? "down" : "up", player);
    setUp(!up);
    if (!up) client.connect();
  }

  return (
    <Card title={say("line")} text={say("lineText")}>
      <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="sm" mb="lg">
        <div className="harm">
          <Button fullWidth variant="default" leftSection={<CutIcon />} onClick={() => press("cut")}>
            {say("cut")}
          </Button>
          <Text size="xs" c="dimmed">
            {say("cutHint")}
          </Text>
        </div>
        <div className="harm">
          <Button
            fullWidth
            variant={up ? "default" : "filled"}
            leftSection={up ? <PlaneIcon /> : <WifiIcon />}
            onClick={toggle}
          >
            {say(up ? "goOffline" : "goOnline")}
          </Button>
          <Text size="xs" c="dimmed">
            {say("offlineHint")}
          </Text>
        </div>
        <div className="harm">
          <Button fullWidth variant="default" leftSection={<PowerIcon />} onClick={() => press("kill")}>
            {say("kill")}
          </Button>
          <Text size="xs" c="dimmed">
            {say("killHint")}
          </Text>
        </div>
      </SimpleGrid>
      <Proof story={story} points={points} />
    </Card>
  );
}

/** Compares what the game holds with what this window shows. */
function Proof({ story, points }: LineCardProps) {
  const { say } = useLanguage();
  const { delivery } = useSession();
  const { status } = useConnection();
  const { connects, replayed, dropped, resyncs } = useLog(delivery);
  const held = useTally();
  const rows = [
    { name: say("storyEntries"), held: held?.messages, shown: story.messages.length },
    { name: say("chatMessages"), held: held?.chat, shown: story.chat.length },
    { name: say("bookings"), held: held?.bookings, shown: points.data && points.bookings.length },
  ];
  const right = rows.every((row) => row.held === row.shown);
  const late = useLasting(!right);
  const open = status !== "connected" || held === undefined || (!right && !late);
  const verdict = open ? "open" : right ? "right" : "wrong";
  return (
    <div className="proof" data-verdict={verdict}>
      <Text role="status" className="proof-verdict" fw={600}>
        {right && !open ? <CheckIcon /> : <AlertIcon />}
        {say(open ? "proofOpen" : right ? "proof" : "proofWrong")}
      </Text>
      <Table withRowBorders={false} verticalSpacing={4} horizontalSpacing={0} className="proof-table">
        <Table.Thead>
          <Table.Tr>
            <Table.Td />
            <Table.Th scope="col">{say("inGame")}</Table.Th>
            <Table.Th scope="col">{say("inWindow")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.name}>
              <Table.Th scope="row">{row.name}</Table.Th>
              <Table.Td>{row.held ?? "–"}</Table.Td>
              <Table.Td>{row.shown ?? "–"}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <dl className="figures">
        <Figure name={say("reconnects")} value={Math.max(0, connects - 1)} />
        <Figure name={say("recovered")} value={replayed} />
        <Figure name={say("dropped")} value={dropped} />
        <Figure name={say("reread")} value={resyncs} />
      </dl>
    </div>
  );
}

/** Whether something has been so for a while: the two sides are asked at different moments. */
function useLasting(value: boolean): boolean {
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLasting(value), value ? settleMs : 0);
    return () => clearTimeout(timer);
  }, [value]);
  return value && lasting;
}

function Figure({ name, value }: { readonly name: string; readonly value: number }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
