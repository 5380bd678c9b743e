import { Avatar, Button, Center, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useLanguage } from "./language/language.js";
import { type Player, players } from "./session/control.js";
import { Settings } from "./settings.js";

export function LogIn({ onLogIn }: { readonly onLogIn: (player: Player) => Promise<void> }) {
  const { say } = useLanguage();
  const [busy, setBusy] = useState<Player>();
  return (
    <Center component="main" className="log-in" p="md">
      <Paper withBorder radius="lg" p={{ base: "lg", sm: 40 }} w="100%" maw={460} className="card">
        <Stack gap="xl">
          <Group justify="space-between" align="flex-start" wrap="nowrap">
            <div>
              <Text className="brand">{say("title")}</Text>
              <Text c="dimmed" size="sm" mt={4}>
                {say("subtitle")}
              </Text>
            </div>
            <Settings />
          </Group>
          <Stack gap="xs">
            <Title order={1} size="h2">
              {say("logInHead")}
            </Title>
            <Text c="dimmed">{say("logInText")}</Text>
          </Stack>
          <Stack gap="sm">
            {players.map((player) => (
              <Button
                key={player}
                size="lg"
                variant={player === "alice" ? "filled" : "default"}
                justify="flex-start"
                leftSection={<Avatar size="sm" radius="xl" color="mist" name={player} alt="" aria-hidden />}
                loading={busy === player}
                onClick={() => {
                  setBusy(player);
                  onLogIn(player).catch(() => setBusy(undefined));
                }}
              >
                {say("logInAs", { name: say(player) })}
              </Button>
            ))}
          </Stack>
        </Stack>
      </Paper>
    </Center>
  );
}
