import type { ContractDiff } from "./contract-diff.js";
import { placeOf } from "./finding.js";
import { type Level, type RuleName, rules } from "./rules.js";

const levels: Record<Level, string> = { breaking: "error", unjudged: "error", dangerous: "warning", safe: "note" };

/** Tells a comparison as SARIF 2.1.0, for code scanning. */
export function toSarif(diff: ContractDiff, file: string): object {
  const used = [...new Set(diff.findings.map(({ rule }) => rule))];
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "gestaloka-events", rules: used.map(describe) } },
        results: diff.findings.map((found) => ({
          ruleId: found.rule,
          ruleIndex: used.indexOf(found.rule),
          level: levels[found.level],
          message: { text: `${placeOf(found)}: ${found.message}` },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: encodeURI(file.replaceAll("\\", "/")) },
                region: { startLine: 1 },
              },
              logicalLocations: [{ fullyQualifiedName: placeOf(found), kind: "member" }],
            },
          ],
          ...(found.ignored === undefined
            ? {}
            : { suppressions: [{ kind: "external", justification: found.ignored }] }),
        })),
      },
    ],
  };
}

function describe(rule: RuleName): object {
  const { about, level } = rules[rule];
  return { id: rule, shortDescription: { text: about }, defaultConfiguration: { level: levels[level] } };
}
