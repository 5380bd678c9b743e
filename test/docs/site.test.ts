import { expect, it } from "vitest";
import { runProgram } from "../support/program.js";
import { temporaryDirectory } from "../support/temporary-directory.js";
import { root } from "./blocks.js";
import { checkLinks } from "./dead-links.js";

it("the documents build into a site without a warning, in which no link is dead", { timeout: 240_000 }, () => {
  const site = temporaryDirectory().path;
  // A warning ends it with an error: docs/typedoc.json says so.
  runProgram(
    root,
    process.execPath,
    "node_modules/typedoc/bin/typedoc",
    "--options",
    "docs/typedoc.json",
    "--out",
    site,
  );
  const { pages, dead } = checkLinks(site);
  expect(dead).toEqual([]);
  expect(pages).toBeGreaterThan(100);
});
