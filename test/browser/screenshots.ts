import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import type { BrowserContextOptions } from "playwright-core";
import { sources } from "../../examples/demo/sources.js";
import { serveWebDemo } from "../../examples/web/host/serve.js";
import { launchChromium } from "../support/browser.js";
import { DemoWindow } from "./demo-window.js";

// Takes the pictures that the README shows: `npm run screenshots`. Inter and a Japanese font have to be installed.
const folder = resolve(import.meta.dirname, "../../docs/images");
mkdirSync(folder, { recursive: true });
const demo = await serveWebDemo({ port: 0, alias: sources });
const browser = await launchChromium();

async function open(player: "Alice" | "Bob", options: BrowserContextOptions): Promise<DemoWindow> {
  const context = await browser.newContext({ locale: "en", reducedMotion: "reduce", ...options });
  return DemoWindow.open(context, demo.url, player);
}

/** Takes what the window shows, from this element on. */
async function shoot({ page }: DemoWindow, name: string, from = "body"): Promise<void> {
  await page
    .locator(from)
    .first()
    .evaluate((element) => {
      (document.activeElement as HTMLElement | null)?.blur();
      scrollTo(0, element.getBoundingClientRect().top + scrollY - (element === document.body ? 0 : 84));
    });
  await page.mouse.move(0, 0);
  // Plots are drawn once a second while they are seen.
  await page.waitForTimeout(2_500);
  await page.screenshot({ path: `${folder}/${name}.png`, animations: "disabled" });
  process.stdout.write(`${folder}/${name}.png\n`);
}

/** Until nobody waits for the game master. */
const told = ({ page }: DemoWindow, lines: number) =>
  page
    .locator(".story-text")
    .nth(lines - 1)
    .waitFor();

try {
  const desktop = { viewport: { width: 1280, height: 1_060 } };
  const alice = await open("Alice", { ...desktop, colorScheme: "light" });
  const bob = await open("Bob", { ...desktop, colorScheme: "dark" });
  await bob.say("Is anybody at the gate?");
  await alice.said("Is anybody at the gate?").waitFor();
  await alice.say("Here. I can hear a bell behind it.");
  await alice.press("Daily recovery +15");
  await alice.press("Step through the gate");
  await told(bob, 2);
  await bob.press("Follow the bell");
  await told(alice, 3);
  await alice.press("Explore −30");
  await alice.press("News");
  await bob.press("Friend request to Alice");
  await bob.say("Wait for me at the tower");
  await alice.said("Wait for me at the tower").waitFor();
  await alice.press("Daily recovery +15");
  await alice.proven();
  await shoot(alice, "demo-light");

  for (let turn = 1; turn <= 3; turn++) {
    await bob.press("Cut the line");
    await alice.say(["Are you still there?", "I will ring it now.", "Listen!"][turn - 1] as string);
    await bob.page
      .locator(".figures dd", { hasText: String(turn) })
      .first()
      .waitFor();
  }
  await alice.press("Ring the bell");
  await told(bob, 4);
  await bob.proven();
  await shoot(bob, "demo-dark", ".chat-card");

  const phone = await open("Bob", {
    viewport: { width: 375, height: 812 },
    deviceScaleFactor: 2,
    colorScheme: "light",
  });
  await phone.press("Go offline");
  await phone.lost();
  await phone.act("Listen to the mist");
  await phone.page.getByText("1 waiting to be sent").waitFor();
  await phone.page.getByLabel("Language").selectOption("ja");
  await shoot(phone, "demo-phone");
} finally {
  await browser.close();
  await demo.close();
}
