import { launchChromium } from "./browser.js";

/** Opens a page in Chromium, and waits for a text in it. @throws with the page's complaints where it does not come. */
export async function waitForText(url: string, text: string, withinMs: number): Promise<void> {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    await page.goto(url);
    await page
      .getByText(text)
      .waitFor({ timeout: withinMs })
      .catch((error: Error) => {
        throw new Error([`${url} does not show "${text}": ${error.message}`, ...complaints].join("\n"));
      });
  } finally {
    await browser.close();
  }
}
