import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const entry = (name: string) => fileURLToPath(new URL(`../../src/entry/${name}.ts`, import.meta.url));

/**
 * The plots' library checks its whole state at every step while it is developed, which costs seconds a redraw; React's
 * own development half, which is wanted, costs little.
 */
const plotsAsInProduction: Plugin = {
  name: "plots-as-in-production",
  enforce: "pre",
  transform: (code, id) =>
    /node_modules\/(@reduxjs|recharts|redux|immer|reselect)\//.test(id)
      ? code.replaceAll("process.env.NODE_ENV", '"production"')
      : undefined,
};

// The package by its public names, from its sources: nothing has to be built first.
export default defineConfig({
  plugins: [plotsAsInProduction, react()],
  resolve: {
    alias: [
      { find: "@gestaloka/events/client", replacement: entry("client") },
      { find: "@gestaloka/events/react", replacement: entry("react") },
      { find: /^@gestaloka\/events$/, replacement: entry("index") },
    ],
  },
  build: { target: "es2022", chunkSizeWarningLimit: 2_000 },
});
