import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";

const root = resolve(import.meta.dirname, "../..");

/** A harness's processes, made ready to start at once: a server that was killed is to be back within a second. */
export interface Bundle {
  file(name: string): string;
  remove(): void;
}

/** Bundles processes of a folder, this one unless it is said, from the sources; packages stay what they are. */
export async function bundleProcesses(names: readonly string[], folder = import.meta.dirname): Promise<Bundle> {
  const parent = join(root, "node_modules/.cache");
  mkdirSync(parent, { recursive: true });
  const outdir = mkdtempSync(join(parent, "processes-"));
  await build({
    entryPoints: names.map((name) => join(folder, `${name}.ts`)),
    outdir,
    outbase: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    packages: "external",
    sourcemap: "inline",
    logLevel: "warning",
    alias: {
      "@gestaloka/events/server": join(root, "src/entry/server.ts"),
      "@gestaloka/events/redis": join(root, "src/entry/redis.ts"),
      "@gestaloka/events/client": join(root, "src/entry/client.ts"),
      "@gestaloka/events": join(root, "src/entry/index.ts"),
    },
  });
  return {
    file: (name) => join(outdir, `${name}.mjs`),
    remove: () => rmSync(outdir, { recursive: true, force: true }),
  };
}
