import { defineConfig } from "tsup";

const subpaths = ["index", "schemas", "compiled", "server", "client", "export"];

export default defineConfig([
  {
    entry: Object.fromEntries(subpaths.map((name) => [name, `src/entry/${name}.ts`])),
    format: ["esm", "cjs"],
    dts: process.env.NO_DTS ? false : true,
    target: "es2022",
    platform: "neutral",
    external: [/^node:/],
    clean: true,
    treeshake: true,
  },
  {
    entry: { cli: "src/cli/cli.ts" },
    format: ["esm"],
    target: "node20",
    platform: "node",
    // The CLI loads contracts that import the package by its name: both must meet the same modules.
    banner: { js: "#!/usr/bin/env node" },
  },
]);
