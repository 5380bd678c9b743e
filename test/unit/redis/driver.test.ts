import { expect, it } from "vitest";
import { reconnectDelay } from "../../../src/redis/driver.js";

it("keeps a server that is back waiting for half a second at most, however long it was gone, and does not spin", () => {
  for (const attempts of [0, 1, 2, 5, 10, 1_000, 1e9]) {
    expect(reconnectDelay(attempts)).toBeLessThanOrEqual(500);
    expect(reconnectDelay(attempts)).toBeGreaterThanOrEqual(12);
  }
});
