import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { build } from "esbuild";
import type { DemoServer } from "./game-server.js";

const contentSecurityPolicy =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self' ws: wss:";

/** Bundles the page and answers for it; its buttons are plain POSTs. */
export async function servePage(): Promise<
  (request: IncomingMessage, response: ServerResponse, server: DemoServer) => void
> {
  const here = import.meta.dirname;
  const html = await readFile(`${here}/index.html`);
  const bundle = await build({
    entryPoints: [`${here}/page.ts`],
    bundle: true,
    write: false,
    format: "esm",
    minify: true,
  });
  const script = bundle.outputFiles[0]?.contents ?? new Uint8Array();

  return (request, response, server) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", server.url);
    const player = (searchParams.get("player") ?? "alice").slice(0, 32);
    const answer = (type: string, body: string | Uint8Array) =>
      response.writeHead(200, { "content-type": type, "content-security-policy": contentSecurityPolicy }).end(body);

    if (request.method === "POST") {
      const actions: Record<string, () => Promise<void>> = {
        "/add": () => server.sp.add(player, 50, "purchase", "購入"),
        "/consume": () => server.sp.consume(player, 30, "exploration", "探索").catch(() => undefined),
        "/recover": () => server.sp.recoverDaily(player),
      };
      if (pathname === "/login")
        return void answer("application/json", JSON.stringify({ token: server.login(player) }));
      void actions[pathname]?.();
      return void response.writeHead(actions[pathname] ? 204 : 404).end();
    }
    if (pathname === "/") return void answer("text/html; charset=utf-8", html);
    if (pathname === "/page.js") return void answer("text/javascript; charset=utf-8", script);
    response.writeHead(404).end();
  };
}
