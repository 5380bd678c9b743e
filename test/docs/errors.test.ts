import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { errorCodes } from "@gestaloka/events";
import { expect, it } from "vitest";

const page = readFileSync(resolve(import.meta.dirname, "../../docs/errors.md"), "utf8");

it("gives every error code a section, and no section without a code", () => {
  const sections = [...page.matchAll(/^### ([a-z_]+)$/gm)].map((match) => match[1] as string);
  expect(sections.sort()).toEqual([...errorCodes].sort());
});
