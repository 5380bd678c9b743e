import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { CommandError, CommandRefusal, ContractError, type ErrorCode, errorCodes } from "@gestaloka/events";
import { contract } from "@gestaloka/events/schemas";
import { expect, it } from "vitest";
import { root } from "./blocks.js";

const page = readFileSync(resolve(root, "docs/errors.md"), "utf8");
const refusals = contract.definition.commands.flatMap((command) => command.refusals ?? []);
const findings = ["not_a_message", "arguments_invalid", "emit_failed", "misuse"];
const codes = [...new Set<string>([...errorCodes, ...findings, ...refusals])];

const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
  .filter((name) => /\.tsx?$/.test(name))
  .map((name) => [name, readFileSync(join(root, "src", name), "utf8")] as const);

it("gives every error code, and every refusal of a command, a section, and no section without a code", () => {
  const sections = [...page.matchAll(/^### ([a-z_]+)$/gm)].map((match) => match[1] as string);
  expect(sections.sort()).toEqual(codes.sort());
});

it("names no code in the sources that has no section", () => {
  const named = /(?:\bcode: |\b(?:Error|Refusal|fail|failed|refused)\(|\bEmitResult\(False, )"([a-z]+(?:_[a-z]+)*)"/g;
  // What `diff` calls `code` is a kind of change.
  const judged = sources.filter(([name]) => !name.startsWith("export/diff/"));
  const found = judged.flatMap(([name, text]) => [...text.matchAll(named)].map(([, code]) => `${code} in ${name}`));
  expect(found.length).toBeGreaterThan(40);
  // The reason of a resync, which a refused page of a replay carries as well, has its row in delivery.md.
  const known = [...codes, "held_too_much"];
  expect(found.filter((line) => !known.includes(line.split(" ")[0] as string))).toEqual([]);
});

it("lists no code that nothing gives", () => {
  const giving = sources.filter(([name]) => !name.endsWith("error-codes.ts")).map(([, text]) => text);
  expect(errorCodes.filter((code) => !giving.some((text) => text.includes(`"${code}"`)))).toEqual([]);
});

it("says in each section what happened, and more than a few words of it", () => {
  const bodies = page.split(/^#{2,3} .*$/m).slice(1);
  const headings = [...page.matchAll(/^#{2,3} (.*)$/gm)].map((match) => match[1] as string);
  const short = headings.filter((name, i) => codes.includes(name) && (bodies[i] ?? "").trim().length < 60);
  expect(short).toEqual([]);
});

it("knows every error class: three are exported, the CLI ends with two, and one is a bare code on the wire", () => {
  const classes = sources.flatMap(([name, text]) =>
    [...text.matchAll(/class (\w+)(?:<.*>)? extends \w*Error\b/g)].map(([, found]) => `${name}: ${found}`),
  );
  expect(classes.sort()).toEqual([
    "cli/exit-code.ts: Misuse",
    "cli/input/encoding.ts: EncodingError",
    "contract/errors.ts: CommandError",
    "contract/errors.ts: CommandRefusal",
    "contract/errors.ts: ContractError",
    "server/authenticate.ts: ConnectRefusal",
  ]);
});

it("ends every error's message with the address of its code's section", () => {
  const details = { event: "ping", direction: "client_to_server" } as const;
  for (const code of codes) {
    const address = new RegExp(`\\(docs/errors\\.md#${code}\\)$`);
    expect(new ContractError(code as ErrorCode, "a sentence", details).message).toMatch(address);
    expect(new CommandError(code, { command: "ping", path: "timestamp" }).message).toMatch(address);
    expect(new CommandRefusal(code).message).toMatch(address);
  }
});

it("lets nothing throw an error without a code but where the library itself is broken", () => {
  const bare = sources.flatMap(([name, text]) =>
    [...text.matchAll(/\b(?:throw new|reject\(\s*new) (?:Type|Range|Syntax)?Error\(/g)].map(() => name),
  );
  expect([...new Set(bare)].sort()).toEqual([
    "cli/package-root.ts",
    "delivery/epoch.ts",
    "redis/ioredis-driver.ts",
    "redis/node-redis-cluster-driver.ts",
    "redis/node-redis-connections.ts",
    "redis/node-redis-driver.ts",
  ]);
});
