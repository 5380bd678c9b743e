import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { resolve } from "node:path";
import { build, type Rolldown } from "vite";

const root = resolve(import.meta.dirname, "..");

/** `development` builds React's own development half in, whose StrictMode mounts everything twice. */
export type PageMode = "production" | "development";

const types: Record<string, string> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
};

/** Builds the page in memory, and answers for its files. */
export async function buildPage(
  mode: PageMode,
  lines: readonly string[],
  alias: Readonly<Record<string, string>>,
): Promise<(request: IncomingMessage, response: ServerResponse) => void> {
  const files = new Map<string, { readonly type: string; readonly body: string | Uint8Array }>();
  for (const file of await bundle(mode, alias)) {
    const extension = file.fileName.split(".").at(-1) ?? "";
    files.set(`/${file.fileName}`, {
      type: types[extension] ?? "application/octet-stream",
      body: file.type === "chunk" ? file.code : file.source,
    });
  }
  // The component library writes style elements; scripts come from the page's own files alone.
  const reachable = lines.flatMap((line) => [line, line.replace("http:", "ws:")]).join(" ");
  const policy = `default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self' ${reachable}; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;
  const etag = `"${randomUUID()}"`;

  return (request, response) => {
    // Not by URL, which throws for some of what a stranger may ask, as for "//".
    const path = request.url?.split("?")[0] ?? "/";
    const file = files.get(path === "/" ? "/index.html" : path);
    if (!file || request.method !== "GET") return void response.writeHead(file ? 405 : 404).end();
    if (request.headers["if-none-match"] === etag) return void response.writeHead(304).end();
    response.writeHead(200, {
      "content-type": file.type,
      "content-security-policy": policy,
      "x-content-type-options": "nosniff",
      "cache-control": "no-cache",
      etag,
    });
    response.end(file.body);
  };
}

async function bundle(
  mode: PageMode,
  alias: Readonly<Record<string, string>>,
): Promise<Rolldown.RolldownOutput["output"]> {
  const before = process.env.NODE_ENV;
  // React's files are chosen by it, not by the mode alone.
  process.env.NODE_ENV = mode;
  try {
    const built = await build({ root, mode, logLevel: "warn", build: { write: false }, resolve: { alias } });
    return ((Array.isArray(built) ? built[0] : built) as Rolldown.RolldownOutput).output;
  } finally {
    if (before === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = before;
  }
}
