import axe from "axe-core";
import type { Browser, BrowserContext, BrowserContextOptions } from "playwright-core";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { sources } from "../../examples/demo/sources.js";
import { serveWebDemo, type WebDemo } from "../../examples/web/host/serve.js";
import { hasChromium, launchChromium } from "../support/browser.js";
import { requireOrSkip } from "../support/required-service.js";
import { DemoWindow, patienceMs } from "./demo-window.js";

vi.setConfig({ testTimeout: 4 * patienceMs });

const poll = { timeout: patienceMs, interval: 50 };

requireOrSkip("Chromium", hasChromium())("the demo's page", () => {
  let demo: WebDemo;
  let strictDemo: WebDemo;
  let browser: Browser;
  // Opened once, as players keep their windows open: loading the page is what costs most.
  let alice: DemoWindow;
  let bob: DemoWindow;

  beforeAll(async () => {
    browser = await launchChromium();
    demo = await serveWebDemo({ port: 0, alias: sources });
    // With React's development half, whose StrictMode mounts everything twice.
    strictDemo = await serveWebDemo({ port: 0, mode: "development", alias: sources });
    [alice, bob] = await openBoth(demo.url);
  }, 3 * patienceMs);
  afterAll(async () => {
    await browser?.close();
    await Promise.all([demo?.close(), strictDemo?.close()]);
  });

  const newContext = (options: BrowserContextOptions = {}): Promise<BrowserContext> =>
    browser.newContext({ locale: "en", reducedMotion: "reduce", ...options });
  const open = async (player: "Alice" | "Bob", url: string) => DemoWindow.open(await newContext(), url, player);
  const openBoth = (url: string) => Promise.all([open("Alice", url), open("Bob", url)]);
  /** Presses one of the buttons that harm the line, where the page itself cannot. */
  const control = (action: string, player: string) =>
    fetch(new URL(`/control/${action}/${player}`, demo.url), {
      method: "POST",
      headers: { origin: new URL(demo.url).origin },
    });

  it("is played in two windows: story, chat, SP and notifications arrive in both", async () => {
    const before = await alice.balance();
    await alice.press("Daily recovery +15");
    await expect.poll(() => alice.balance(), poll).toBe(before + 15);
    await alice.press("Explore −30");
    await expect.poll(() => alice.balance(), poll).toBe(before - 15);
    expect(await bob.balance()).toBe(before);

    const told = (await bob.story()).length;
    await alice.press("Step through the gate");
    await bob.acted("Step through the gate").waitFor();
    await expect.poll(async () => (await bob.story()).length, poll).toBe(told + 2);
    await expect.poll(() => alice.balance(), poll).toBe(before - 25);

    await bob.say("Wait for me");
    await alice.said("Wait for me").waitFor();
    await alice.press("Friend request to Bob");
    await bob.page.getByText("Alice wants to be your friend").waitFor();

    await alice.press("Explore −30");
    await expect.poll(() => alice.balance(), poll).toBe(before - 55);
    await alice.press("Explore −30");
    await expect.poll(() => alice.balance(), poll).toBe(before - 85);
    await alice.press("Explore −30");
    await alice.page.getByText("Not enough SP: 30 needed, 15 there").first().waitFor();
    expect(await alice.balance()).toBe(before - 85);

    await Promise.all([alice.proven(), bob.proven()]);
    expect([...alice.complaints, ...bob.complaints]).toEqual([]);
  });

  it("shows every frame with direction, lane, number, latency and verdict", async () => {
    await alice.say("A frame");
    await alice.said("A frame").waitFor();
    await alice.page.locator(".frames").scrollIntoViewIfNeeded();
    const row = alice.page
      .locator(".frames-table tbody tr", { hasText: "chat_message" })
      .filter({ hasText: "critical" });
    await expect
      .poll(async () => (await row.first().locator("td").allTextContents()).slice(1), poll)
      .toEqual([
        "In",
        "chat_message",
        "critical",
        expect.stringMatching(/^\d+$/),
        expect.stringMatching(/^\d+ ms$/),
        "Valid",
      ]);
    expect(await alice.page.locator(".frames-table tbody tr", { hasText: "Out" }).count()).toBeGreaterThan(0);
    await alice.page.locator(".plot-figure").scrollIntoViewIfNeeded();
    await alice.page.locator(".plot-figure", { hasText: /\d+ ms/ }).waitFor();
  });

  it("keeps what is done offline, and catches up with what was missed", async () => {
    await bob.page.context().setOffline(true);
    await control("cut", "bob");
    await bob.page.locator('.connection[data-status="offline"]').waitFor();
    await bob.say("From the tunnel");
    await bob.page.getByText("1 waiting to be sent").waitFor();
    await alice.say("Are you there?");
    await alice.said("Are you there?").waitFor();
    expect(await bob.said("Are you there?").count()).toBe(0);

    await bob.page.context().setOffline(false);
    await alice.said("From the tunnel").waitFor();
    await bob.said("Are you there?").waitFor();
    await Promise.all([alice.proven(), bob.proven()]);
    expect(await bob.chat()).toEqual(await alice.chat());
    expect((await bob.chat()).filter((text) => text === "From the tunnel")).toHaveLength(1);
    expect(await bob.figure("Recovered events")).toBeGreaterThan(0);
    expect([...alice.complaints, ...bob.complaints]).toEqual([]);
  });

  it("sends after a reload what was queued before it, once", async () => {
    await alice.press("Go offline");
    await alice.lost();
    await alice.say("Written before the reload");
    await alice.page.getByText("1 waiting to be sent").waitFor();
    await alice.page.reload();
    await alice.page.getByText("1 waiting to be sent").waitFor();
    await alice.press("Go online");
    await bob.said("Written before the reload").waitFor();
    await alice.said("Written before the reload").waitFor();
    await Promise.all([alice.proven(), bob.proven()]);
    expect((await bob.chat()).filter((text) => text === "Written before the reload")).toHaveLength(1);
    expect(await alice.chat()).toEqual(await bob.chat());
  });

  it("sends nothing of a player who logged out as the one who logs in", async () => {
    await alice.press("News");
    await alice.page.getByText("The mist is thickening").waitFor();
    await alice.press("Go offline");
    await alice.lost();
    await alice.say("Never to be sent");
    await alice.page.getByText("1 waiting to be sent").waitFor();
    await alice.press("Log out");
    await alice.logIn("Bob");
    await control("up", "alice");
    expect(await alice.page.getByText("The mist is thickening").count()).toBe(0);
    await alice.say("Bob speaks");
    await alice.said("Bob speaks").waitFor();
    await alice.press("Log out");
    await alice.logIn("Alice");
    await alice.proven();
    expect(await alice.chat()).toContain("Bob speaks");
    expect(await alice.chat()).not.toContain("Never to be sent");
  });

  it("shows everything exactly once through StrictMode, three reconnects and a killed server", async () => {
    const [ann, ben] = await openBoth(strictDemo.url);
    const said: string[] = [];
    const say = async (window: DemoWindow, text: string) => {
      said.push(text);
      await window.say(text);
    };
    for (const turn of [1, 2, 3]) {
      await ben.press("Cut the line");
      await say(ann, `Turn ${turn}: while the line is cut`);
      await expect.poll(() => ben.figure("Reconnects"), poll).toBe(turn);
      await say(ben, `Turn ${turn}: after it is back`);
      await ann.said(`Turn ${turn}: after it is back`).waitFor();
    }
    await ben.press("Kill the server");
    await Promise.all([ann.lost(), ben.lost()]);
    await say(ann, "While the server is dead");
    await ben.act("Knock on the dead server's door");
    await Promise.all([ann.connected(), ben.connected()]);
    await Promise.all([ann, ben].map((window) => window.said("While the server is dead").waitFor()));
    await Promise.all([ann, ben].map((window) => window.acted("Knock on the dead").waitFor()));
    await say(ben, "After the new server");
    await ann.said("After the new server").waitFor();

    await Promise.all([ann.proven(), ben.proven()]);
    for (const window of [ann, ben]) {
      const shown = await window.chat();
      for (const text of said) expect(shown.filter((other) => other === text)).toEqual([text]);
      expect(await window.acted("Knock on the dead").count()).toBe(1);
    }
    expect(await ann.chat()).toEqual(await ben.chat());
    expect(await ann.story()).toEqual(await ben.story());
    expect([...ann.complaints, ...ben.complaints]).toEqual([]);
    await Promise.all([ann, ben].map((window) => window.page.context().close()));
  });

  it("remembers the language, and is Japanese for those whose browser is", async () => {
    const context = await newContext({ locale: "ja" });
    const page = await context.newPage();
    await page.goto(demo.url);
    await page.getByRole("button", { name: "アリスとしてログイン" }).click();
    await page.getByText("霧の中に古い門が立っている").waitFor();
    expect(await page.locator("html").getAttribute("lang")).toBe("ja");
    await page.getByLabel("言語").selectOption("en");
    await page.getByText("An old gate stands in the mist").waitFor();
    await page.reload();
    await page.getByText("An old gate stands in the mist").waitFor();
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Skip to the story");
    await context.close();
  });

  it("is played by keyboard alone, and tells a screen reader what comes", async () => {
    const { page } = alice;
    await page.getByLabel("Message to everybody in the game").focus();
    await page.keyboard.type("By keyboard");
    await page.keyboard.press("Enter");
    await alice.said("By keyboard").waitFor();
    expect(await page.getByRole("log", { name: "Messages" }).textContent()).toContain("By keyboard");
    expect(await page.getByRole("status").first().textContent()).toBe("Connected");
  });

  it("has no serious accessibility violation, light or dark, and fits a phone", async () => {
    const context = await newContext({ viewport: { width: 375, height: 812 } });
    const page = await context.newPage();
    page.setDefaultTimeout(patienceMs);
    const check = async () => {
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor();
        // Colours fade from one appearance to the other; what lies between is read by nobody.
        await page.evaluate(() => {
          const fading = document.getAnimations().filter((animation) => animation instanceof CSSTransition);
          return Promise.allSettled(fading.map(({ finished }) => finished));
        });
        const { violations } = await page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.run());
        const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
        expect(
          grave.map(({ id, nodes }) => `${colorScheme} ${id}: ${nodes.map(({ html }) => html).join(" ")}`),
        ).toEqual([]);
      }
    };
    await page.goto(demo.url);
    await page.getByRole("button", { name: "Log in as Bob" }).waitFor();
    await page.evaluate(axe.source);
    await check();
    await page.getByRole("button", { name: "Log in as Bob" }).click();
    await page.locator(".story-text").first().waitFor();
    await page.getByRole("button", { name: "Achievement" }).click();
    await page.locator(".notification").first().waitFor();
    await page.getByRole("button", { name: "Go offline" }).click();
    await page.locator(".notice").waitFor();
    await check();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375);
    await control("up", "bob");
    await context.close();
  });

  it("answers its own page only, with a policy that forbids foreign scripts", async () => {
    const page = await fetch(demo.url);
    expect(page.headers.get("content-security-policy")).toContain("script-src 'self';");
    const foreign = await fetch(new URL("/control/kill/alice", demo.url), {
      method: "POST",
      headers: { origin: "https://elsewhere.example" },
    });
    expect(foreign.status).toBe(403);
    expect(
      (
        await fetch(new URL("/control/login/mallory", demo.url), {
          method: "POST",
          headers: { origin: new URL(demo.url).origin },
        })
      ).status,
    ).toBe(404);
  });
});
