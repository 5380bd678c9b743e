import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

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

export default defineConfig({
  plugins: [plotsAsInProduction, react()],
  build: { target: "es2022", chunkSizeWarningLimit: 2_000 },
});
