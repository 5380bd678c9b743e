import { describe, expect, it } from "vitest";
import { diffContracts } from "../../../src/export/diff/contract-diff.js";
import { toDiffReport } from "../../../src/export/diff/report.js";
import { type ContractSnapshot, toSnapshot } from "../../../src/export/snapshot.js";
import { contract } from "../../fixtures/contract.js";

const before = toSnapshot(contract as never);
const after: ContractSnapshot = {
  ...before,
  version: "1.1.0",
  events: before.events
    .filter(({ name }) => name !== "gull_seen")
    .map((event) => (event.name === "tide_turned" ? { ...event, lane: "critical" as const } : event)),
};
const ignore = [{ rule: "ROLE_SAME" as const, reason: "r", expires: "2026-01-01" }];
const diff = diffContracts(before, after, { ignore, today: "2026-11-24" });

describe("toDiffReport", () => {
  it("tells a terminal the findings, the verdict and the version", () => {
    expect(toDiffReport(diff, "text").split("\n")).toEqual([
      "harbour 1.0.0 → harbour 1.1.0",
      "breaking  EVENT_NO_DELETE  event gull_seen: An event is gone, and a client that lingers waits for it.",
      "dangerous EVENT_LANE_SAME  event tide_turned: lane was normal and is critical",
      "expired   ROLE_SAME: it was ignored until 2026-01-01",
      "Breaking: a deployed peer refuses what the other side sends.",
      "Raise the major version; it was raised by its minor part.",
      "",
    ]);
  });
  it("says that the version was raised enough, and lets no name steer a terminal or a page", () => {
    const raised = diffContracts(before, { ...after, version: "2.0.0" });
    expect(toDiffReport(raised, "text")).toContain("The major version was raised, as is needed.");
    const name = "gull\u001b[2J\n::error::<img src=x>|";
    const hostile = { ...before, events: [...before.events, { ...(before.events[0] as object), name } as never] };
    const lines = (format: "text" | "markdown") => toDiffReport(diffContracts(hostile, before), format).split("\n");
    expect(lines("text").filter((line) => line.includes("EVENT_NO_DELETE"))).toEqual([
      expect.stringContaining("event gull\\u{1b}[2J\\u{a}::error::<img src=x>|: "),
    ]);
    expect(lines("markdown")).toContainEqual(
      expect.stringContaining("gull\\u{1b}[2J\\u{a}::error::&lt;img src=x>\\| |"),
    );
    expect(toDiffReport(diffContracts(hostile, before), "github").split("\n")[0]).toMatch(/^::error .*%0A::error::/);
    const titled = diffContracts(before, { ...before, version: "1.0.0\n\n### <b>Safe" });
    expect(toDiffReport(titled, "markdown").split("\n")[0]).toMatch(/ 1\.0\.0\\u\{a\}\\u\{a\}### &lt;b>Safe$/);
  });
  it("annotates a pull request, with its own characters escaped", () => {
    const lines = toDiffReport(diff, "github", { file: "src/a,b.ts" }).split("\n");
    expect(lines[0]).toBe(
      "::error file=src/a%2Cb.ts,title=EVENT_NO_DELETE::event gull_seen: An event is gone, and a client that lingers waits for it.",
    );
    expect(lines[1]).toMatch(/^::warning file=.*title=EVENT_LANE_SAME::/);
  });
  it("tells what is ignored apart, and lets it annotate nothing", () => {
    const entry = { reason: "nobody listens", expires: "2026-12-31" };
    const ignored = diffContracts(before, after, {
      ignore: [
        { rule: "EVENT_NO_DELETE", ...entry },
        { rule: "EVENT_LANE_SAME", subject: "event gull_seen", path: "x", ...entry },
      ],
    });
    const gone = "event gull_seen: An event is gone, and a client that lingers waits for it.";
    const lane = "event tide_turned: lane was normal and is critical";
    const unused = "EVENT_LANE_SAME event gull_seen x: the ignore list covers nothing with it";
    const verdict = "Safe: deployed peers and the new version understand each other.";
    expect(toDiffReport(ignored, "text").split("\n").slice(1, -1)).toEqual([
      `ignored   EVENT_NO_DELETE  ${gone} (nobody listens)`,
      `dangerous EVENT_LANE_SAME  ${lane}`,
      `unused    ${unused}`,
      verdict,
      "The minor version was raised, as is needed.",
    ]);
    expect(toDiffReport(ignored, "github").split("\n")).toEqual([
      `::warning title=EVENT_LANE_SAME::${lane}`,
      `::notice::unused    ${unused}`,
      `::notice::${verdict} The minor version was raised, as is needed.`,
      "",
    ]);
    const markdown = toDiffReport(ignored, "markdown").split("\n");
    expect(markdown).toContain(`| ignored: nobody listens | \`EVENT_NO_DELETE\` | ${gone.replace(": ", " | ")} |`);
    expect(markdown).toContain(`- unused    ${unused}`);
    const sarif = JSON.parse(toDiffReport(ignored, "sarif"));
    expect(sarif.runs[0].results).toMatchObject([
      { ruleId: "EVENT_NO_DELETE", suppressions: [{ kind: "external", justification: "nobody listens" }] },
      { ruleId: "EVENT_LANE_SAME", level: "warning" },
    ]);
    expect(sarif.runs[0].results[1]).not.toHaveProperty("suppressions");
    expect(sarif.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri).toBe("contract");
  });
  it("says no more than it must of what is the same, or what no version was raised for", () => {
    const same = diffContracts(before, before);
    expect(toDiffReport(same, "text").split("\n").slice(2)).toEqual(["No change asks for another version.", ""]);
    expect(toDiffReport(same, "markdown")).not.toContain("|");
    const unraised = diffContracts(before, { ...after, version: before.version });
    expect(toDiffReport(unraised, "text")).toMatch(/\nRaise the major version\.\n$/);
    const added = diffContracts(after, { ...before, version: "1.2.0" });
    expect(toDiffReport(added, "github")).not.toContain("EVENT_ADDED");
  });
  it("writes SARIF whose results name their rules", () => {
    const sarif = JSON.parse(toDiffReport(diff, "sarif", { file: "src/contract.ts" })) as {
      version: string;
      runs: {
        tool: { driver: { rules: { id: string }[] } };
        results: { ruleId: string; ruleIndex: number; level: string }[];
      }[];
    };
    const [run] = sarif.runs;
    expect(sarif.version).toBe("2.1.0");
    expect(run?.results.map(({ ruleId, level }) => [ruleId, level])).toEqual([
      ["EVENT_NO_DELETE", "error"],
      ["EVENT_LANE_SAME", "warning"],
    ]);
    for (const { ruleId, ruleIndex } of run?.results ?? []) expect(run?.tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
  });
  it("writes a table for a pull request, and JSON that says the same", () => {
    expect(toDiffReport(diff, "markdown")).toContain("| breaking | `EVENT_NO_DELETE` | event gull_seen |");
    expect(JSON.parse(toDiffReport(diff, "json"))).toEqual(JSON.parse(JSON.stringify(diff)));
  });
});
