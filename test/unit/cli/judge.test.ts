import { describe, expect, it } from "vitest";
import type { Finding } from "../../../src/cli/messages/finding.js";
import { type JudgeOptions, judge } from "../../../src/cli/validate/judge.js";
import { contract } from "../../fixtures/contract.js";

const verdict = (
  event: string,
  payload: unknown,
  options: Partial<JudgeOptions> = {},
  direction?: "server_to_client" | "client_to_server",
) => {
  const finding: Finding = { kind: "message", event, payload, direction };
  const result = judge(finding, { contract, as: "reader", ...options });
  return `${result?.event} ${result?.direction} ${result?.problem ? `${result.problem.code} ${result.problem.path}` : "valid"}`;
};

describe("judge", () => {
  it("takes the direction from the name where nothing else gives it", () => {
    expect(verdict("gull_seen", { count: 1 })).toBe("gull_seen server_to_client valid");
    expect(verdict("sound", { timestamp: "2026-11-24T05:30:19" })).toBe("sound client_to_server valid");
    expect(verdict("nothing", {})).toBe("nothing undefined unknown_event ");
  });
  it("holds the message's direction above the name's, and the option above both", () => {
    expect(verdict("gull_seen", { count: 1 }, {}, "client_to_server")).toBe(
      "gull_seen client_to_server unknown_command ",
    );
    expect(verdict("gull_seen", { count: 1 }, { direction: "server_to_client" }, "client_to_server")).toBe(
      "gull_seen server_to_client valid",
    );
  });
  it("judges a writer's payload as given, with every derived field in it", () => {
    const written = { level: 1, timestamp: "2026-11-24T05:30:19Z" };
    expect(verdict("tide_turned", written, { as: "writer" })).toBe("tide_turned server_to_client valid");
    expect(verdict("tide_turned", { level: 1 }, { as: "writer" })).toBe(
      "tide_turned server_to_client payload_invalid timestamp",
    );
    expect(verdict("tide_turned", { ...written, more: 1 }, { as: "writer" })).toBe(
      "tide_turned server_to_client payload_invalid more",
    );
    expect(verdict("tide_turned", { ...written, more: 1 })).toBe("tide_turned server_to_client valid");
  });
  it("names the field of an unknown variant", () => {
    expect(verdict("letter_came", { kind: "telegram" })).toBe("letter_came server_to_client unknown_event kind");
  });
  it("makes a stranger's name harmless", () => {
    expect(verdict(`\u001b[31m\n${"x".repeat(99)}`, {})).toMatch(/^\\u\{1b\}\[31m\\u\{a\}x{58}… /);
  });
  it("passes over what is skipped and hands on what is no message", () => {
    expect(judge({ kind: "skipped" }, { contract, as: "reader" })).toBeUndefined();
    const problem = { code: "not_a_message", path: "", expected: "a message", got: "none" };
    expect(judge({ kind: "no_message", problem }, { contract, as: "reader" })).toEqual({
      event: undefined,
      direction: undefined,
      problem,
    });
  });
});
