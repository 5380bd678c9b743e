import { ActionIcon, Group, NativeSelect, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { MoonIcon, SunIcon } from "./icons.js";
import { useLanguage } from "./language/language.js";
import type { Language } from "./language/texts.js";

/** Language and appearance; both are remembered. */
export function Settings() {
  const { language, say, choose } = useLanguage();
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme("light") === "dark";
  return (
    <Group gap="xs" wrap="nowrap">
      <NativeSelect
        aria-label={say("language")}
        size="sm"
        w={104}
        value={language}
        onChange={(event) => choose(event.currentTarget.value as Language)}
        data={[
          { value: "ja", label: "日本語" },
          { value: "en", label: "English" },
        ]}
      />
      <ActionIcon
        variant="default"
        size={36}
        aria-label={say(dark ? "toLight" : "toDark")}
        onClick={() => setColorScheme(dark ? "light" : "dark")}
      >
        {dark ? <SunIcon /> : <MoonIcon />}
      </ActionIcon>
    </Group>
  );
}
