import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const entry = (name: string) => fileURLToPath(new URL(`./src/entry/${name}.ts`, import.meta.url));
const subpaths = [
  "schemas",
  "server",
  "client",
  "react",
  "export",
  "testing",
  "redis",
  "jwt",
  "prometheus",
  "opentelemetry",
  "compiled",
  "browser",
  "shapes",
];

export default defineConfig({
  resolve: {
    alias: [
      ...subpaths.map((name) => ({ find: `@gestaloka/events/${name}`, replacement: entry(name) })),
      { find: /^@gestaloka\/events$/, replacement: entry("index") },
    ],
  },
  test: {
    include: ["test/**/*.test.{ts,tsx}"],
    // Much of the time is spent waiting for sockets and children: a worker a core.
    maxWorkers: 2,
    retry: 0,
    testTimeout: 20_000,
    // What is waited for has come; how soon is no matter here.
    expect: { poll: { timeout: 10_000 } },
    reporters: process.env.VITEST_JSON ? ["default", ["json", { outputFile: process.env.VITEST_JSON }]] : ["default"],
  },
});
