import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Check } from "./check.js";
import { openInChromium } from "./page.js";
import type { Project } from "./project.js";

const client = { "socket.io-client": "4" };

/** A page's client, bundled by each; the bundle runs in Chromium. */
export const bundlers: readonly Check[] = [
  {
    name: "esbuild: a page's bundle holds nothing of zod, of Node, and no code made at run time",
    packages: { ...client, esbuild: "0" },
    quick: true,
    run: (project) => void bundle(project, "esbuild"),
  },
  ...Object.entries({ esbuild: "0", vite: "8", webpack: "5" }).map(
    ([name, version]): Check => ({
      name: `${name}: a page's bundle exchanges events in Chromium`,
      packages: { ...client, [name]: version },
      run: (project) => openInChromium(bundle(project, name), `by ${name}`),
    }),
  ),
];

function bundle(project: Project, bundler: string): string {
  project.node(`bundle-${bundler}.mjs`);
  const text = readFileSync(join(project.folder, "out/page.js"), "utf8");
  const foreign = /["']node:|\bnew Function\(|\beval\(|ZodError/.exec(text);
  if (foreign) throw new Error(`the bundle holds ${foreign[0]}`);
  return text;
}
