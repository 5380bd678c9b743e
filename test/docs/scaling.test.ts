import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createEventClient } from "@gestaloka/events/client";
import { expect, it, onTestFinished } from "vitest";
import { contract } from "../fixtures/contract.js";
import { record, snapshot } from "../support/awaited-client.js";
import { closedAtEnd } from "../support/closed-at-end.js";
import { freePort } from "../support/free-port.js";
import { openHarbour } from "../support/harbour-server.js";
import { requireOrSkip } from "../support/required-service.js";

const page = readFileSync(resolve(import.meta.dirname, "../../docs/scaling.md"), "utf8");
const nginx = spawnSync("nginx", ["-v"]).error
  ? ({ available: false, reason: "on Debian: apt-get install nginx" } as const)
  : ({ available: true } as const);

/** Runs nginx with the page's configuration, its ports replaced, in a folder of its own. */
async function startNginx(nodes: readonly string[]): Promise<string> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "nginx-"));
  const block = /^```nginx\n([\s\S]*?)^```/m.exec(page)?.[1] as string;
  const ports = [...nodes.map((url) => new URL(url).port)];
  const site = block
    .replaceAll(/127\.0\.0\.1:300[12]/g, () => `127.0.0.1:${ports.shift()}`)
    .replace("listen 127.0.0.1:3000", `listen 127.0.0.1:${port}`);
  const own = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  const file = join(folder, "nginx.conf");
  writeFileSync(
    file,
    `daemon off; pid ${folder}/pid; error_log ${folder}/error.log; events {}\nhttp { access_log off; ${own.join(" ")}\n${site}}\n`,
  );
  const child: ChildProcess = spawn("nginx", ["-p", folder, "-c", file, "-e", `${folder}/error.log`], {
    stdio: "ignore",
  });
  onTestFinished(async () => {
    if (child.exitCode === null) {
      const gone = once(child, "exit");
      child.kill("SIGTERM");
      await gone;
    }
    rmSync(folder, { recursive: true, force: true });
  });
  const url = `http://127.0.0.1:${port}`;
  await expect
    .poll(
      () =>
        fetch(url).then(
          ({ status }) => status,
          () => 0,
        ),
      { timeout: 5_000 },
    )
    .toBeGreaterThan(0);
  return url;
}

requireOrSkip("nginx", nginx)("the configuration of nginx in docs/scaling.md", () => {
  it("keeps each address to a node, by polling and by WebSocket, and goes on at another when one is gone", {
    timeout: 60_000,
  }, async () => {
    const harbours = [await openHarbour(), await openHarbour()];
    for (const harbour of harbours) onTestFinished(() => harbour.close());
    const url = await startNginx(harbours.map((harbour) => harbour.url));
    const clients = Array.from({ length: 16 }, (_, index) => {
      const agent = new Agent({ localAddress: `127.0.0.${index + 1}` });
      onTestFinished(() => agent.destroy());
      const transports = index < 12 ? ["polling"] : ["websocket"];
      return closedAtEnd(
        createEventClient(url, {
          contract,
          auth: { token: `sailor${index}` },
          socket: { transports, agent: agent as never },
        }),
      );
    });
    const errors = clients.map((client) => record(client, "ws:error"));
    for (const [index, client] of clients.entries())
      await snapshot(client, { status: "connected", transport: index < 12 ? "polling" : "websocket" });
    expect(errors.flat()).toEqual([]);
    const counts = harbours.map(({ io }) => io.engine.clientsCount);
    expect(Math.min(...counts)).toBeGreaterThan(0);
    await (harbours[0] as (typeof harbours)[0]).close();
    await expect
      .poll(() => (harbours[1] as (typeof harbours)[0]).io.engine.clientsCount, { timeout: 30_000 })
      .toBe(clients.length);
  });

  it("gives a node that is back all whom another one lets go", { timeout: 60_000 }, async () => {
    const port = await freePort();
    const before = await openHarbour();
    onTestFinished(() => before.close());
    const url = await startNginx([`http://127.0.0.1:${port}`, before.url]);
    const clients = Array.from({ length: 16 }, (_, index) => {
      const agent = new Agent({ localAddress: `127.0.0.${index + 1}` });
      onTestFinished(() => agent.destroy());
      return closedAtEnd(
        createEventClient(url, { contract, auth: { token: `sailor${index}` }, socket: { agent: agent as never } }),
      );
    });
    for (const client of clients) await snapshot(client, { status: "connected" });
    const errors = clients.map((client) => record(client, "ws:error"));

    const back = await openHarbour();
    onTestFinished(() => back.close());
    back.http.close();
    await once(back.http, "close");
    back.http.listen(port, "127.0.0.1");
    await once(back.http, "listening");
    await before.server.close({ drainMs: 500 });
    await before.close();

    await expect.poll(() => back.io.engine.clientsCount, { timeout: 30_000 }).toBe(clients.length);
    const codes = errors.flat().map(({ payload }) => (payload as { readonly code: string }).code);
    expect(codes).not.toContain("connection_failed");
  });
});
