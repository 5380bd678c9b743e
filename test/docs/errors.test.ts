import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { CommandError, ContractError, errorCodes } from "@gestaloka/events";
import { contract } from "@gestaloka/events/schemas";
import { expect, it } from "vitest";

const page = readFileSync(resolve(import.meta.dirname, "../../docs/errors.md"), "utf8");
const refusals = contract.definition.commands.flatMap((command) => command.refusals ?? []);
const codes = [...new Set<string>([...errorCodes, ...refusals])];

it("gives every error code, and every refusal of a command, a section, and no section without a code", () => {
  const sections = [...page.matchAll(/^### ([a-z_]+)$/gm)].map((match) => match[1] as string);
  expect(sections.sort()).toEqual(codes.sort());
});

it("says in each section what happened, and more than a few words of it", () => {
  const bodies = page.split(/^#{2,3} .*$/m).slice(1);
  const headings = [...page.matchAll(/^#{2,3} (.*)$/gm)].map((match) => match[1] as string);
  const short = headings.filter((name, i) => codes.includes(name) && (bodies[i] ?? "").trim().length < 60);
  expect(short).toEqual([]);
});

it("ends every error's message with the address of its section", () => {
  for (const code of errorCodes) {
    const details = { event: "ping", direction: "client_to_server" } as const;
    expect(new ContractError(code, "a sentence", details).message).toMatch(
      new RegExp(`\\(docs/errors\\.md#${code}\\)$`),
    );
  }
  for (const code of codes)
    expect(new CommandError(code, { command: "ping", path: "timestamp" }).message).toMatch(
      new RegExp(`\\(docs/errors\\.md#${code}\\)$`),
    );
});
