import { afterEach, beforeEach, vi } from "vitest";

/** Time stands still in each test but for what it advances; turns are React's, as in a page: it is not told that this is a test. */
export function pageTimers(): void {
  beforeEach(() => {
    vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", false);
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date", "performance"] });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });
}
