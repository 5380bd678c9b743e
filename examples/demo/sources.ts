import { fileURLToPath } from "node:url";

const entry = (name: string) => fileURLToPath(new URL(`../../src/entry/${name}.ts`, import.meta.url));

/** The package by its public names, from its sources: nothing has to be built first. */
export const sources = {
  "@gestaloka/events/client": entry("client"),
  "@gestaloka/events/react": entry("react"),
  "@gestaloka/events/server": entry("server"),
  "@gestaloka/events/prometheus": entry("prometheus"),
  "@gestaloka/events": entry("index"),
};
