import { useNotifications } from "@gestaloka/events/react";
import { Button, CloseButton, Group, Stack, Text } from "@mantine/core";
import { Card } from "../card.js";
import { useLanguage } from "../language/language.js";
import { notificationTexts } from "../language/notification-texts.js";
import { useSession } from "../session/use-session.js";

export function NotificationsCard() {
  const { say } = useLanguage();
  const { player, api } = useSession();
  const { items, dismiss, clear } = useNotifications();
  const other = say(player === "alice" ? "bob" : "alice");
  const notify = (kind: Parameters<typeof api.notify>[0]) => void api.notify(kind).catch(() => undefined);
  return (
    <Card
      title={say("notifications")}
      className="notifications-card"
      aside={
        items.length > 0 ? (
          <Button size="compact-sm" variant="subtle" onClick={clear}>
            {say("clearAll")}
          </Button>
        ) : undefined
      }
    >
      <div className="notifications" role="log" aria-label={say("notifications")}>
        {items.length === 0 && <p className="empty">{say("noNotifications")}</p>}
        <Stack component="ul" gap={0} className="plain-list">
          {items.map((item) => {
            const { title, text } = notificationTexts(item, say);
            return (
              <li key={item.id} className="notification">
                <div>
                  <Text size="sm" fw={600}>
                    {title}
                  </Text>
                  <Text size="sm" c="dimmed">
                    {text}
                  </Text>
                </div>
                <CloseButton size="sm" aria-label={say("dismiss", { name: title })} onClick={() => dismiss(item.id)} />
              </li>
            );
          })}
        </Stack>
      </div>
      <Group gap="xs" role="group" aria-label={say("notifyTry")}>
        <Button size="compact-sm" variant="default" onClick={() => notify("system")}>
          {say("notifySystem")}
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => notify("achievement")}>
          {say("notifyAchievement")}
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => notify("friend")}>
          {say("notifyFriend", { name: other })}
        </Button>
      </Group>
    </Card>
  );
}
