import { expect, it, vi } from "vitest";
import { buildEngine } from "../../chaos/centrifuge/build-engine.js";

it("says what to install where there is no Go to build Centrifugo's engine with", async () => {
  vi.stubEnv("PATH", import.meta.dirname);
  await expect(buildEngine()).rejects.toThrow("--centrifuge: there is no Go; install 1.25 or newer");
  vi.unstubAllEnvs();
});
