import { memoryMetrics } from "@gestaloka/events/server";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Logger } from "../../../src/server/logger.js";
import { Reports } from "../../../src/server/reports.js";

const unhandled: unknown[] = [];
const onUnhandled = (error: unknown) => void unhandled.push(error);
beforeEach(() => void process.on("unhandledRejection", onUnhandled));
afterEach(() => void process.off("unhandledRejection", onUnhandled));

const fail = (): never => {
  throw new Error("out of order");
};
const failLater = async () => fail();

describe("whoever is told what happens", () => {
  it.each([
    ["at once", fail],
    ["later", failLater],
  ])("breaks nothing where it fails %s", async (_when, broken) => {
    const logger: Logger = { debug: broken, info: broken, warn: broken, error: broken, isLevelEnabled: fail };
    const { attach: _attach, ...sink } = { ...memoryMetrics(), count: broken, change: broken, observe: broken };
    const reports = new Reports(logger, sink, broken);
    expect(reports.debugging).toBe(false);
    reports.log("warn", {}, "said");
    reports.error(new Error("caught"), { during: "emit" });
    reports.count("emitted", 1, "a", "");
    reports.observe("handler", 1, 1, "a", "");
    reports.close();
    // A rejection that nobody has taken is told of after the turn in which it happened.
    await new Promise((resolve) => setImmediate(resolve));
    expect(unhandled).toEqual([]);
  });
});
