import "@mantine/core/styles.css";
import "@mantine/charts/styles.css";
import "./app.css";
import { MantineProvider } from "@mantine/core";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.js";
import { LanguageProvider } from "./language/language.js";
import { restoreSession } from "./session/remembered-player.js";
import { theme, variables } from "./theme.js";

// Opened outside React: a session is one, however often a component is mounted.
const session = await restoreSession();

createRoot(document.getElementById("root") as HTMLElement).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
      <LanguageProvider>
        <App restored={session} />
      </LanguageProvider>
    </MantineProvider>
  </StrictMode>,
);
