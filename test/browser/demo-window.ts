import type { BrowserContext, Locator, Page } from "playwright-core";

/** How long a step may take, ms: a loaded machine is slow. */
export const patienceMs = 60_000;

/** One player's window of the demo, by what the player sees and presses. */
export class DemoWindow {
  /** What the page complained of: exceptions and errors on the console. */
  readonly complaints: string[] = [];

  private constructor(readonly page: Page) {
    page.setDefaultTimeout(patienceMs);
    page.on("pageerror", (error) => this.complaints.push(String(error)));
    page.on("console", (message) => {
      // A line that was cut is reported by the browser itself.
      if (message.type() === "error" && !/net::ERR_|WebSocket connection|CORS policy/.test(message.text()))
        this.complaints.push(message.text());
    });
  }

  static async open(context: BrowserContext, url: string, player: "Alice" | "Bob"): Promise<DemoWindow> {
    const window = new DemoWindow(await context.newPage());
    await window.page.goto(url);
    await window.logIn(player);
    return window;
  }

  async logIn(player: "Alice" | "Bob"): Promise<void> {
    await this.press(`Log in as ${player}`);
    await this.connected();
    await this.page.locator(".story-text").first().waitFor();
  }

  press(name: string | RegExp): Promise<void> {
    return this.page.getByRole("button", { name }).first().click();
  }

  connected(): Promise<void> {
    return this.page.locator('.connection[data-status="connected"]').waitFor();
  }

  /** Until the line is seen to be gone. */
  lost(): Promise<void> {
    return this.page.locator('.connection:not([data-status="connected"])').waitFor();
  }

  async say(text: string): Promise<void> {
    await this.page.getByLabel("Message to everybody in the game").fill(text);
    await this.press("Send");
  }

  async act(text: string): Promise<void> {
    await this.page.getByLabel("Or in your own words").fill(text);
    await this.press(/^Act$/);
  }

  /** What was said, without what waits to be sent. */
  chat(): Promise<string[]> {
    return this.page.locator(".chat-message:not([data-pending]) .chat-bubble").allTextContents();
  }

  /** The story, line by line, without what waits to be sent. */
  async story(): Promise<string[]> {
    return this.page.locator(".story-text, .story-action:not([data-pending]) span:last-child").allTextContents();
  }

  /** A chat message that arrived. */
  said(text: string): Locator {
    return this.page.locator(".chat-message:not([data-pending]) .chat-bubble", { hasText: text });
  }

  /** An action that was carried out. */
  acted(text: string): Locator {
    return this.page.locator(".story-action:not([data-pending])", { hasText: text });
  }

  async balance(): Promise<number> {
    return Number(await this.page.getByTestId("balance").textContent());
  }

  /** Until the page itself finds that it shows what the game holds. */
  proven(): Promise<void> {
    return this.page.locator('.proof[data-verdict="right"]').waitFor();
  }

  /** One of the figures under the proof. */
  async figure(name: string): Promise<number> {
    return Number(await this.page.locator(".figures div", { hasText: name }).locator("dd").textContent());
  }
}
