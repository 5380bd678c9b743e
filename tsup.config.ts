import { defineConfig } from "tsup";

const subpaths = ["index", "schemas", "compiled", "server", "client", "export"];

export default defineConfig([
  {
    entry: Object.fromEntries(subpaths.map((name) => [name, `src/entry/${name}.ts`])),
    format: ["esm", "cjs"],
    dts: !process.env.NO_DTS,
    target: "es2022",
    platform: "neutral",
    external: [/^node:/],
    treeshake: true,
  },
  {
    entry: { cli: "src/cli/cli.ts" },
    format: ["esm"],
    target: "node20",
    platform: "node",
    banner: { js: "#!/usr/bin/env node" },
  },
]);
