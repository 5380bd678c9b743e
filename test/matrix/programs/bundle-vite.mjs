import { build } from "vite";

await build({
  logLevel: "warn",
  build: {
    outDir: "out",
    rollupOptions: { input: "page.js", output: { entryFileNames: "page.js", inlineDynamicImports: true } },
  },
});
