import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { type BuildOptions, build, type Plugin } from "esbuild";

const root = resolve(import.meta.dirname, "../..");

/** A browser bundle: what it weighs, minified and compressed, what it says, and which packages it is made of. */
export interface Bundle {
  readonly bytes: number;
  readonly text: string;
  readonly packages: readonly string[];
}

const manifest = JSON.parse(readFileSync(resolve(root, "package.json"), "utf8")) as { exports: Record<string, Target> };
type Target = string | { readonly [condition: string]: Target };

// The file that a browser's bundler takes of a subpath: the first condition that it meets decides.
function target(of: Target): string {
  if (typeof of === "string") return of;
  const condition = Object.keys(of).find((name) => ["browser", "import", "default"].includes(name));
  return target(of[condition as string] as Target);
}

// Where such a bundler finds the package: the built files, which the manifest declares free of side effects.
const published: Plugin = {
  name: "published",
  setup({ onResolve }) {
    onResolve({ filter: /^@gestaloka\/events(\/\w+)?$/ }, ({ path }) => ({
      path: resolve(root, target(manifest.exports[path.replace("@gestaloka/events", ".")] as Target)),
      sideEffects: false,
    }));
  },
};

/** How a browser's bundle is built, without the peers that every such page has anyway. */
export const forBrowsers = {
  bundle: true,
  minify: true,
  write: false,
  format: "esm",
  platform: "browser",
  target: "es2022",
  external: ["socket.io-client", "react", "@tanstack/react-query"],
} satisfies BuildOptions;

/** Bundles a module for browsers, without the peers that every such page has anyway. */
export async function bundle(code: string, plugins: readonly Plugin[] = []): Promise<Bundle> {
  const result = await build({
    stdin: { contents: code, resolveDir: root, loader: "ts" },
    ...forBrowsers,
    metafile: true,
    plugins: [...plugins, published],
    logLevel: "silent",
  });
  const [file] = result.outputFiles;
  if (!file) throw new Error("the bundler wrote nothing");
  const inputs = Object.values(result.metafile.outputs).flatMap((output) => Object.keys(output.inputs));
  const packages = inputs.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
  return { packages: [...new Set(packages)], bytes: gzipSync(file.contents, { level: 9 }).length, text: file.text };
}

/** A module that uses what it imports, so that nothing of it can be left out. */
export function using(names: string, subpath = ""): string {
  return `import { ${names} } from "@gestaloka/events${subpath}";\nglobalThis.used = [${names}, globalThis.used];\n`;
}
