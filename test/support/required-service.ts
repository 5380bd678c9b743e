import { describe } from "vitest";

/** Whether something outside npm that a test talks to is on this machine, and if not, why not. */
type Availability = { readonly available: true } | { readonly available: false; readonly reason: string };

type DeclareSuite = (title: string, body: () => void) => unknown;

/**
 * A `describe` for tests that need `service`. Without the service it skips them, naming the service and the reason in
 * the title; where `CI` is `true` it throws instead, so that a missing service cannot pass for a green run.
 */
function requireOrSkip(
  service: string,
  availability: Availability,
  suite: DeclareSuite & { readonly skip: DeclareSuite } = describe,
): (title: string, body: () => void) => void {
  if (availability.available) return (title, body) => void suite(title, body);
  if (process.env.CI === "true") {
    throw new Error(`${service} is required where CI=true, and is missing: ${availability.reason}`);
  }
  return (title, body) => void suite.skip(`${title} (skipped: no ${service}: ${availability.reason})`, body);
}

export type { Availability };
export { requireOrSkip };
