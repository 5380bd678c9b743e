import { Grid } from "@mantine/core";
import { ChatCard } from "./cards/chat-card.js";
import { FramesCard } from "./cards/frames-card.js";
import { LatencyCard } from "./cards/latency-card.js";
import { LineCard } from "./cards/line-card.js";
import { NotificationsCard } from "./cards/notifications-card.js";
import { PointsCard } from "./cards/points-card.js";
import { RateCard } from "./cards/rate-card.js";
import { StoryCard } from "./cards/story-card.js";
import { useLanguage } from "./language/language.js";
import { usePoints } from "./session/use-points.js";
import { useStory } from "./session/use-story.js";
import { ConnectionNotice, TopBar } from "./top-bar.js";

/** A player's whole page. */
export function Game({ onLogOut }: { readonly onLogOut: () => void }) {
  const { say } = useLanguage();
  const story = useStory();
  const points = usePoints();
  return (
    <>
      <a className="skip" href="#story">
        {say("skip")}
      </a>
      <TopBar onLogOut={onLogOut} />
      <main className="page-width page">
        <ConnectionNotice />
        <Grid gap="lg">
          <Grid.Col span={{ base: 12, md: 7 }}>
            <StoryCard story={story} />
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 5 }} className="column">
            <PointsCard points={points} />
            {notifications}
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 5 }}>
            <ChatCard story={story} />
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 7 }}>
            <LineCard story={story} points={points} />
          </Grid.Col>
          {plots}
        </Grid>
      </main>
    </>
  );
}

// Nothing of the game concerns them: they are drawn when frames come.
const plots = (
  <>
    <Grid.Col span={{ base: 12, md: 6 }}>
      <LatencyCard />
    </Grid.Col>
    <Grid.Col span={{ base: 12, md: 6 }}>
      <RateCard />
    </Grid.Col>
    <Grid.Col span={12}>
      <FramesCard />
    </Grid.Col>
  </>
);
const notifications = <NotificationsCard />;
