import type { ConnectionStatus } from "@gestaloka/events/client";
import { useConnection } from "@gestaloka/events/react";
import { Alert, Button, Group, Text } from "@mantine/core";
import { AlertIcon } from "./icons.js";
import { useLanguage } from "./language/language.js";
import type { TextKey } from "./language/texts.js";
import { useLog } from "./session/use-log.js";
import { useSession } from "./session/use-session.js";
import { Settings } from "./settings.js";

/** Who plays, and how the line is. */
export function TopBar({ onLogOut }: { readonly onLogOut: () => void }) {
  const { say } = useLanguage();
  const { player } = useSession();
  return (
    <header className="top-bar">
      <Group justify="space-between" gap="sm" className="page-width" wrap="wrap">
        <Group gap="md" wrap="nowrap">
          <Text component="h1" className="brand">
            {say("title")}
          </Text>
          <ConnectionBadge />
        </Group>
        <Group gap="sm" wrap="nowrap" className="top-bar-tools">
          <Text size="sm" c="dimmed" visibleFrom="md">
            {say("playsAs", { name: say(player) })}
          </Text>
          <Settings />
          <Button variant="subtle" size="sm" px="xs" onClick={onLogOut}>
            {say("logOut")}
          </Button>
        </Group>
      </Group>
    </header>
  );
}

const shortWords: Readonly<Record<ConnectionStatus, TextKey>> = {
  connected: "shortConnected",
  connecting: "shortConnecting",
  reconnecting: "shortReconnecting",
  offline: "shortOffline",
  refused: "shortRefused",
  idle: "shortIdle",
};

/** What a player is told of a line that is gone. */
const noticeWords: Readonly<Partial<Record<ConnectionStatus, TextKey>>> = {
  connecting: "connecting",
  reconnecting: "reconnecting",
  offline: "offline",
  refused: "refused",
};

function ConnectionBadge() {
  const { say } = useLanguage();
  const { status } = useConnection();
  return (
    <Text
      component="span"
      className="connection"
      data-status={status}
      role="status"
      aria-label={say("connectionLabel")}
    >
      <span className="connection-dot" aria-hidden="true" />
      {say(shortWords[status])}
    </Text>
  );
}

/** Says what a player may do while the line is gone. */
export function ConnectionNotice() {
  const { say } = useLanguage();
  const { client, commands } = useSession();
  const { status, attempt } = useConnection();
  const waiting = useLog(commands).length;
  const notice = noticeWords[status];
  // The first attempt of all is no loss.
  const away = notice && (status !== "connecting" || attempt > 0);
  return (
    <div aria-live="polite">
      {away && (
        <Alert className="notice" variant="light" color="orange" radius="lg" icon={<AlertIcon />} title={say(notice)}>
          <Group justify="space-between" gap="sm">
            <Text size="sm">
              {say("keptText")} {waiting > 0 && <strong>{say("waitingCount", { n: waiting })}</strong>}
            </Text>
            <Button size="compact-sm" variant="default" onClick={() => client.connect()}>
              {say("tryNow")}
            </Button>
          </Group>
        </Alert>
      )}
    </div>
  );
}
