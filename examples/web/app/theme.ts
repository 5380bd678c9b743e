import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from "@mantine/core";

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

// The grey of dark cards, fields and buttons, with a little of the same blue in it.
const night: MantineColorsTuple = [
  "#d5dae3",
  "#b9c0cd",
  "#8b94a5",
  "#646d7e",
  "#3d4553",
  "#313846",
  "#262c37",
  "#1b1f27",
  "#161920",
  "#101318",
];

/** Calm: one colour, room around things, and type that reads well in both languages. */
export const theme = createTheme({
  primaryColor: "mist",
  primaryShade: { light: 7, dark: 6 },
  colors: { mist, dark: night },
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

/** Quiet buttons stand out from dark cards as they do from light ones. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {},
  dark: {
    "--mantine-color-mist-light": "#26314a",
    "--mantine-color-mist-light-hover": "#2e3b58",
    "--mantine-color-mist-light-color": "#cbd8f4",
  },
});
