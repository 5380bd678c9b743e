import { build } from "esbuild";

await build({ entryPoints: ["page.js"], bundle: true, minify: true, format: "esm", outfile: "out/page.js" });
