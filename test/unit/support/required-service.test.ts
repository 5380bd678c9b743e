import { afterEach, describe, expect, it, vi } from "vitest";
import { requireOrSkip } from "../../support/required-service.js";

afterEach(() => vi.unstubAllEnvs());

describe("a required service", () => {
  it("throws where CI is true and the service is missing, with the name and the reason", () => {
    vi.stubEnv("CI", "true");
    expect(() => requireOrSkip("redis-server", { available: false, reason: "not in PATH" })).toThrow(
      "redis-server is required where CI=true, and is missing: not in PATH",
    );
  });

  it("gives a describe in both cases where CI is not true, and where the service is there", () => {
    vi.stubEnv("CI", "");
    expect(requireOrSkip("redis-server", { available: false, reason: "not in PATH" })).toBeTypeOf("function");
    vi.stubEnv("CI", "true");
    expect(requireOrSkip("redis-server", { available: true })).toBeTypeOf("function");
  });
});

vi.stubEnv("CI", "");
const missing = requireOrSkip("a service that is nowhere", { available: false, reason: "it was never built" });
vi.unstubAllEnvs();

missing("a suite whose service is missing", () => {
  it("does not run", () => {
    throw new Error("A skipped test ran.");
  });
});
