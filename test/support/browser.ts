import { existsSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { type Browser, chromium } from "playwright-core";
import type { Availability } from "./required-service.js";

const executable = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** Whether there is a browser to run pages in. */
export function hasChromium(): Availability {
  return existsSync(executable) ? { available: true } : { available: false, reason: `no ${executable}` };
}

export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: executable, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}

const entry = (name: string) => fileURLToPath(new URL(`../../src/entry/${name}.ts`, import.meta.url));

/** Serves an empty page that runs a TypeScript module; it may import the package by its public names. */
export async function servePage(code: string): Promise<{ http: Server; url: string }> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: fileURLToPath(new URL("..", import.meta.url)), loader: "ts" },
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    alias: { "@gestaloka/events": entry("index"), "@gestaloka/events/client": entry("client") },
  });
  const script = outputFiles[0]?.text ?? "";
  const http = createServer((request, response) => {
    if (request.url === "/page.js") response.setHeader("content-type", "text/javascript").end(script);
    else
      response
        .setHeader("content-type", "text/html")
        .end('<!doctype html><script type="module" src="/page.js"></script>');
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  return { http, url: `http://localhost:${(http.address() as AddressInfo).port}/` };
}
