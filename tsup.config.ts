import { readFileSync, writeFileSync } from "node:fs";
import { defineConfig, type Options } from "tsup";

const subpaths = [
  "index",
  "browser",
  "schemas",
  "compiled",
  "shapes",
  "server",
  "client",
  "react",
  "export",
  "testing",
  "jwt",
  "prometheus",
  "opentelemetry",
];

type Plugin = NonNullable<Options["plugins"]>[number];

// Tree shaking drops the directive that tells a bundler of React Server Components where the browser's code begins.
const useClient: Plugin = {
  name: "use-client",
  buildEnd({ writtenFiles }) {
    for (const { name } of writtenFiles) {
      if (/dist\/react\.c?js$/.test(name)) writeFileSync(name, `"use client";\n${readFileSync(name, "utf8")}`);
    }
  },
};

export default defineConfig([
  {
    entry: Object.fromEntries(subpaths.map((name) => [name, `src/entry/${name}.ts`])),
    format: ["esm", "cjs"],
    dts: !process.env.NO_DTS,
    target: "es2022",
    platform: "neutral",
    external: [/^node:/],
    treeshake: true,
    plugins: [useClient],
  },
  {
    entry: { cli: "src/cli/cli.ts" },
    format: ["esm"],
    target: "node20",
    platform: "node",
    banner: { js: "#!/usr/bin/env node" },
  },
]);
