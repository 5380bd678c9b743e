import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

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

// What takes longest, by folder and name: begun last, one of them would run alone at the end.
const longest = ["browser/", "wire/chaos", "package/", "cli/doctor", "docs/ci-example", "wire/client-plain", "redis/"];

// What starts Chromium, a compiler or the CLI again and again, what builds the site, and a storm that is only there to be compared with.
const slow = [
  "test/browser/**/*.test.ts",
  "test/docs/ci-example.test.ts",
  "test/docs/site.test.ts",
  "test/package/generated-types.test.ts",
  "test/wire/chaos-stock.test.ts",
];

// What must be there before a module is first loaded, and so cannot share its modules: hot reload's hook before React.
const alone = ["test/react/hot-reload.test.tsx"];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const place = longest.findIndex((name) => moduleId.includes(`/test/${name}`));
      return place < 0 ? longest.length : place;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  resolve: {
    alias: [
      ...subpaths.map((name) => ({ find: `@gestaloka/events/${name}`, replacement: entry(name) })),
      { find: /^@gestaloka\/events$/, replacement: entry("index") },
    ],
  },
  test: {
    sequence: { sequencer: LongestFirst },
    // Much of the time is spent waiting for sockets and children: a worker a core.
    maxWorkers: 2,
    retry: 0,
    testTimeout: 20_000,
    // What is waited for has come; how soon is no matter here.
    expect: { poll: { timeout: 10_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: "fast",
          include: ["test/**/*.test.{ts,tsx}"],
          exclude: [...slow, ...alone],
          // Files that share a worker share its modules, which hold no state: loading them anew took a third of the time.
          isolate: false,
        },
      },
      { extends: true, test: { name: "alone", include: alone } },
      { extends: true, test: { name: "slow", include: slow } },
    ],
    reporters: process.env.VITEST_JSON ? ["default", ["json", { outputFile: process.env.VITEST_JSON }]] : ["default"],
  },
});
