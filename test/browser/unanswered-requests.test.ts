import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { hasChromium, launchChromium, servePage } from "../support/browser.js";
import { requireOrSkip } from "../support/required-service.js";

const page = `
import { createEventClient } from "@gestaloka/events/client";
import { contract } from "./fixtures/contract.js";
globalThis.pageStart = (url, handshakeTimeoutMs) => {
  globalThis.pageClient = createEventClient(url, {
    contract, auth: {}, handshakeTimeoutMs, socket: { transports: ["polling"] },
  });
};
globalThis.pageReady = true;
`;

declare const pageReady: boolean;
declare const pageClient: { close(): void };
declare function pageStart(url: string, handshakeTimeoutMs: number): void;

let browser: Browser;

requireOrSkip("chromium", hasChromium())("a page's request that a server does not answer", () => {
  beforeAll(async () => {
    browser = await launchChromium();
  }, 60_000);
  afterAll(() => browser.close());

  it.each(["given up", "closed"])("holds none of its few connections once the attempt is %s", async (how) => {
    const served = await servePage(page);
    onTestFinished(() => void served.http.close());
    const silent = createServer();
    onTestFinished(() => void silent.close());
    const asked = new Promise<{ readonly gone: Promise<unknown> }>((resolve) => {
      // A browser may open connections that it asks nothing on.
      silent.on("connection", (socket) => {
        const gone = new Promise((closed) => void socket.on("error", closed).on("close", closed));
        socket.once("data", () => resolve({ gone }));
      });
    });
    await once(silent.listen(0, "127.0.0.1"), "listening");
    const to = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const view = await browser.newPage();
    onTestFinished(() => view.close());
    await view.goto(served.url);
    await view.waitForFunction(() => pageReady);
    await view.evaluate(([url, ms]) => pageStart(url, ms), [to, how === "closed" ? 12_345 : 50] as const);
    const { gone } = await asked;
    if (how === "closed") await view.evaluate(() => pageClient.close());
    await expect(Promise.race([gone.then(() => "gone"), timeUp()])).resolves.toBe("gone");
  });
});

function timeUp(): Promise<string> {
  return new Promise((resolve) => {
    setTimeout(resolve, 5_000, "hanging").unref();
  });
}
