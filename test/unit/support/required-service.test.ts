import { afterEach, describe, expect, it, vi } from "vitest";
import { requireOrSkip } from "../../support/required-service.js";

afterEach(() => vi.unstubAllEnvs());

const missing = { available: false, reason: "not in PATH" } as const;
const recorder = () => Object.assign(vi.fn(), { skip: vi.fn() });
const body = (): void => {};

describe("a required service", () => {
  it("fails the run where CI is true and the service is missing, with the name and the reason", () => {
    vi.stubEnv("CI", "true");
    expect(() => requireOrSkip("redis-server", missing)).toThrow(
      "redis-server is required where CI=true, and is missing: not in PATH",
    );
  });

  it("skips the suite elsewhere, and says which service is missing and why", () => {
    vi.stubEnv("CI", "");
    const suite = recorder();
    requireOrSkip("redis-server", missing, suite)("the log", body);
    expect(suite.skip).toHaveBeenCalledExactlyOnceWith("the log (skipped: no redis-server: not in PATH)", body);
    expect(suite).not.toHaveBeenCalled();
  });

  it("declares the suite where the service is there", () => {
    vi.stubEnv("CI", "true");
    const suite = recorder();
    requireOrSkip("redis-server", { available: true }, suite)("the log", body);
    expect(suite).toHaveBeenCalledExactlyOnceWith("the log", body);
    expect(suite.skip).not.toHaveBeenCalled();
  });
});
