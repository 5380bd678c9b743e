import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const own = join(import.meta.dirname, "public");
const library = dirname(fileURLToPath(import.meta.resolve("@gestaloka/events/browser")));
const socketIo = dirname(createRequire(import.meta.url).resolve("socket.io-client/package.json"));

/** Where each name that the page's modules import is found. */
const imports = {
  "@gestaloka/events": "/events/browser.js",
  "@gestaloka/events/client": "/events/client.js",
  "socket.io-client": "/socket.io-client.js",
};
const importMap = JSON.stringify({ imports });
const page = readFileSync(join(own, "index.html"), "utf8").replace('"IMPORT_MAP"', () => importMap);

const policy = [
  "default-src 'none'",
  `script-src 'self' 'sha256-${createHash("sha256").update(importMap).digest("base64")}'`,
  "style-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join("; ");

/** Answers with one of the page's files, or of the package's; nothing else of the disk can be named. */
export function answerFile({ method, url }, response) {
  const found = method === "GET" ? find(url) : undefined;
  if (!found) return response.writeHead(404).end();
  response.writeHead(200, {
    "content-type": `${found.type}; charset=utf-8`,
    "content-security-policy": policy,
    "x-content-type-options": "nosniff",
  });
  response.end(found.body ?? readFileSync(found.file));
}

function find(url) {
  if (url === "/") return { type: "text/html", body: page };
  if (url === "/favicon.ico") return { type: "text/plain", body: "" };
  if (url === "/style.css") return { type: "text/css", file: join(own, "style.css") };
  if (url === "/app.js") return { type: "text/javascript", file: join(own, "app.js") };
  if (url === imports["socket.io-client"])
    return { type: "text/javascript", file: join(socketIo, "dist/socket.io.esm.min.js") };
  // The files import each other by names that a build makes up.
  const [, name] = /^\/events\/([\w-]+(?:\.[\w-]+)*\.js)$/.exec(url) ?? [];
  const file = name && join(library, name);
  return file && existsSync(file) ? { type: "text/javascript", file } : undefined;
}
