import type { MessageAddedMessage } from "@gestaloka/events";
import { useConnection } from "@gestaloka/events/react";
import { Badge, Button, Group, Progress, Skeleton, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { Card } from "../card.js";
import { useLanguage } from "../language/language.js";
import { choiceText, placeText } from "../language/story-texts.js";
import { useSession } from "../session/use-session.js";
import type { Story } from "../session/use-story.js";
import { useScrolledDown } from "../use-scrolled-down.js";

const actionCost = 10;

export function StoryCard({ story }: { readonly story: Story }) {
  const { language, say } = useLanguage();
  const { messages, choices, scene, members, progress, pendingActions, loading } = story;
  const list = useScrolledDown(messages.length + pendingActions.length);
  const [action, setAction] = useState("");
  const connected = useConnection().status === "connected";
  const names = members.map((name) => (name === "alice" || name === "bob" ? say(name) : name)).join(", ");

  function act(event: FormEvent): void {
    event.preventDefault();
    if (!action.trim()) return;
    story.act(action.trim());
    setAction("");
  }

  return (
    <Card
      title={placeText(scene, language) ?? say("story")}
      text={members.length > 0 ? say("here", { names }) : " "}
      aside={
        <Badge variant="light" color="mist" size="lg" radius="sm" className="plain-badge">
          {say("actionCost", { n: actionCost })}
        </Badge>
      }
      className="story-card"
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls is reached by keyboard */}
      <div id="story" ref={list} role="log" aria-label={say("storyLog")} tabIndex={0} className="story-log">
        {loading && (
          <Stack gap="sm" aria-label={say("loadingStory")}>
            <Skeleton h={16} />
            <Skeleton h={16} w="70%" />
          </Stack>
        )}
        {messages.map((message) => (
          <StoryMessage key={message.id} message={message} />
        ))}
        {pendingActions.map(({ id, payload }) => (
          <div key={id} className="story-action" data-pending>
            <Text component="span" size="sm">
              {choiceText(payload.action, language) ?? payload.action}
            </Text>
            <Text component="span" size="xs" c="dimmed">
              {say(connected ? "sent" : "queued")}
            </Text>
          </div>
        ))}
      </div>
      <div className="story-progress" aria-live="polite">
        {progress !== undefined && (
          <>
            <Text size="xs" c="dimmed">
              {say("thinking")}
            </Text>
            <Progress value={progress} size="sm" mt={6} aria-label={say("thinking")} />
          </>
        )}
      </div>
      <Stack gap="sm">
        <Text fw={600} size="sm" id="choices-head">
          {say("choices")}
        </Text>
        <Group gap="sm" role="group" aria-labelledby="choices-head">
          {choices.map(({ id, text }) => (
            <Button key={id} variant="light" className="choice" onClick={() => story.act(id)}>
              {choiceText(id, language) ?? text}
            </Button>
          ))}
        </Group>
        <form onSubmit={act}>
          <Group gap="sm" align="flex-end" wrap="nowrap">
            <TextInput
              className="grow"
              label={say("actionLabel")}
              placeholder={say("actionPlaceholder")}
              value={action}
              maxLength={2_000}
              onChange={(event) => setAction(event.currentTarget.value)}
            />
            <Button type="submit">{say("act")}</Button>
          </Group>
        </form>
      </Stack>
    </Card>
  );
}

function StoryMessage({ message }: { readonly message: MessageAddedMessage }) {
  const { language, say } = useLanguage();
  const { player } = useSession();
  const english = message.metadata?.en;
  const text = language === "en" && typeof english === "string" ? english : message.content;
  if (message.sender_type !== "player") return <p className="story-text">{text}</p>;
  const by = String(message.metadata?.user_id);
  return (
    <div className="story-action" data-own={by === player}>
      <Text component="span" size="xs" c="dimmed">
        {by === player ? say("you") : say(by === "alice" ? "alice" : "bob")}
      </Text>
      <Text component="span" size="sm">
        {text}
      </Text>
    </div>
  );
}
