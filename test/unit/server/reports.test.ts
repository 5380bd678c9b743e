import { ContractError } from "@gestaloka/events";
import { memoryMetrics } from "@gestaloka/events/server";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
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
    const sink = { ...memoryMetrics(), count: broken, change: broken, observe: broken, attach: () => broken };
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

  it("reads in the log what the library's own error says, and of another the code that Node gave it", () => {
    const lines: unknown[] = [];
    const error = (fields: object) => lines.push(fields);
    const reports = new Reports({ debug() {}, info() {}, warn() {}, error }, undefined, undefined);
    const refused = Object.assign(new Error("connect ECONNREFUSED 10.0.0.1:6379"), { code: "ECONNREFUSED" });
    reports.error(refused, { during: "backend" }, "backend_unavailable");
    reports.error(new ContractError("timeout", "no answer"), { during: "authorize" });
    for (const code of ["secret", "EAI_AGAIN", "ERR_TLS_CERT_ALTNAME_INVALID"])
      reports.error(Object.assign(new Error("a"), { code }), { during: "command" });
    const [detail, during] = ["[@gestaloka/events] no answer (docs/errors.md#timeout)", "authorize"];
    expect(lines).toEqual([
      { during: "backend", code: "backend_unavailable", error: "Error", detail: "ECONNREFUSED" },
      { during, code: "timeout", error: "ContractError", detail },
      ...[undefined, "EAI_AGAIN", "ERR_TLS_CERT_ALTNAME_INVALID"].map((detail) => ({
        during: "command",
        code: "internal",
        error: "Error",
        detail,
      })),
    ]);
  });

  it("hears that a gauge fell where nothing is counted, and is asked no more at zero", () => {
    vi.useFakeTimers();
    try {
      const told = { now: 0, connections: 2 };
      const change = (_gauge: string, by: number) => {
        told.now += by;
      };
      const reports = new Reports(undefined, { count: () => {}, change }, undefined);
      const [connections, zero] = [() => told.connections, () => 0];
      reports.measure({ connections, rooms: zero, commands_open: zero, events_waiting: zero, bytes_waiting: zero });
      reports.count("connects", 2, "", "");
      vi.advanceTimersByTime(1_000);
      expect(told.now).toBe(2);
      told.connections = 0;
      vi.advanceTimersByTime(250);
      expect(told.now).toBe(0);
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});
