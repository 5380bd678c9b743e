import { onTestFinished } from "vitest";

/** Gives back what a test has opened, and closes it when the test is over: what was opened last goes first. */
export function closedAtEnd<TOpened extends { close(): unknown }>(opened: TOpened): TOpened {
  onTestFinished(async () => {
    await opened.close();
  });
  return opened;
}
