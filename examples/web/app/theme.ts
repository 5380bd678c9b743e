import { createTheme, type MantineColorsTuple } from "@mantine/core";

const mist: MantineColorsTuple = [
  "#eef3ff",
  "#dce4f5",
  "#b9c7e2",
  "#94a8d0",
  "#748dc1",
  "#5f7cb8",
  "#4a68a8",
  "#3f5a94",
  "#344d83",
  "#263c6b",
];

/** Calm: one colour, room around things, and type that reads well in both languages. */
export const theme = createTheme({
  primaryColor: "mist",
  primaryShade: { light: 7, dark: 5 },
  colors: { mist },
  autoContrast: true,
  luminanceThreshold: 0.32,
  defaultRadius: "md",
  fontFamily:
    'Inter, system-ui, -apple-system, "Segoe UI", "Hiragino Sans", "Noto Sans JP", "Yu Gothic UI", "BIZ UDPGothic", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace',
  headings: { fontWeight: "600" },
  focusRing: "auto",
  respectReducedMotion: true,
  cursorType: "pointer",
});
