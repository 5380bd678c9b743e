import { connect } from "node:net";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { hasChromium, launchChromium } from "../support/browser.js";
import { requireOrSkip } from "../support/required-service.js";
import { Example, type ExampleProcess } from "./example.js";

const patienceMs = 30_000;

requireOrSkip("Chromium", hasChromium())("the example vanilla", () => {
  let example: Example;
  let started: ExampleProcess;
  let browser: Browser;
  let url = "";
  beforeAll(async () => {
    example = new Example("vanilla");
    started = example.start("start");
    [url, browser] = await Promise.all([started.url(), launchChromium()]);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await example?.close();
  });

  const complaints: string[] = [];
  const logIn = async (name: string): Promise<Page> => {
    const page = await (await browser.newContext()).newPage();
    page.setDefaultTimeout(patienceMs);
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    await page.goto(url);
    await page.getByLabel("Your name").fill(name);
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByRole("status").getByText("connected", { exact: true }).waitFor();
    return page;
  };
  const say = async (page: Page, text: string) => {
    await page.getByLabel("Message").last().fill(text);
    await page.getByRole("button", { name: "Send" }).click();
  };
  const arrived = (page: Page, text: string) => page.locator('li[data-state="arrived"]', { hasText: text });

  it("is played in two windows of a browser, from the package's own files", { timeout: 90_000 }, async () => {
    const [alice, bob] = await Promise.all([logIn("Alice"), logIn("Bob")]);
    await say(alice, "Hello");
    await arrived(bob, "Alice: Hello").waitFor();
    await arrived(alice, "Alice: Hello").waitFor();

    await bob.context().setOffline(true);
    await bob.locator("#status:not(:text-is('connected'))").waitFor();
    await say(bob, "From the tunnel");
    await bob.locator('li[data-state="waiting"]').waitFor();
    await bob.context().setOffline(false);
    await arrived(alice, "Bob: From the tunnel").waitFor();
    expect(await arrived(alice, "From the tunnel").count()).toBe(1);
    expect(complaints.filter((text) => !/net::ERR_|WebSocket connection/.test(text))).toEqual([]);
  });

  it("runs no script but its own: not one that is written into the page, and no text as code", async () => {
    const policy = (await fetch(url)).headers.get("content-security-policy") ?? "";
    expect(policy).toMatch(/default-src 'none'; script-src 'self' 'sha256-[^']+';/);
    expect(policy).not.toMatch(/unsafe|\*/);
    const page = await (await browser.newContext()).newPage();
    await page.goto(url);
    const ran = await page.evaluate(() => {
      const script = document.createElement("script");
      try {
        script.append("globalThis.ran = true");
        document.body.append(script);
      } catch {
        // Trusted Types refuse it before the policy has to.
      }
      return Object.hasOwn(globalThis, "ran");
    });
    expect(ran).toBe(false);
  });

  it("goes on after a page that was lost as it logged in", async () => {
    const page = connect(Number(new URL(url).port), "127.0.0.1").resume();
    page.end("POST /login HTTP/1.1\r\nHost: page\r\nContent-Length: 10\r\n\r\nAli");
    await started.said(/aborted/);
    expect((await fetch(url)).status).toBe(200);
  });

  it("serves no other file", async () => {
    for (const path of [
      "/server.js",
      "/events/..%2fpackage.json",
      "/events/../server.js",
      "/package.json",
      "/events/none.js",
    ])
      expect((await fetch(new URL(path, url))).status, path).toBe(404);
  });
});
