import { readFileSync, writeFileSync } from "node:fs";
import { defineConfig, type Options } from "tsup";

// What a browser loads shares its code, so that it is loaded once. Node's entries are whole: a process starts sooner by a
// third when it need not look up a dozen small files.
const forBrowsers = ["browser", "compiled", "shapes", "client", "react"];
const forNode = ["index", "schemas", "server", "redis", "export", "testing", "jwt", "prometheus", "opentelemetry"];

const entriesOf = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, `src/entry/${name}.ts`]));

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

const library: Options = {
  format: ["esm", "cjs"],
  target: "es2022",
  platform: "neutral",
  external: [/^node:/],
  treeshake: true,
};
const types: Options = { ...library, entry: entriesOf([...forBrowsers, ...forNode]), dts: { only: true } };

export default defineConfig([
  { ...library, entry: entriesOf(forBrowsers), plugins: [useClient] },
  { ...library, entry: entriesOf(forNode), splitting: false },
  ...(process.env.NO_DTS ? [] : [types]),
  {
    entry: { cli: "src/cli/cli.ts" },
    format: ["esm"],
    target: "node20",
    platform: "node",
    banner: { js: "#!/usr/bin/env node" },
  },
]);
