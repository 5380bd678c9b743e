import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryDirectory } from "../support/temporary-directory.js";
import { checkLinks } from "./dead-links.js";

const sites = temporaryDirectory().path;

function siteOf(pages: Readonly<Record<string, string>>): string {
  const site = mkdtempSync(join(sites, "site-"));
  mkdirSync(join(site, "guides"));
  for (const [name, text] of Object.entries(pages)) writeFileSync(join(site, name), text);
  return site;
}

it("follows links to files and anchors, and leaves other sites alone", () => {
  const site = siteOf({
    "index.html": '<a href="guides/a.html#two">a</a> <a class="x" href="#top">top</a> <h1 id="top">h</h1>',
    "guides/a.html": '<h2 id="two">2</h2> <img src="../b.png"> <a href="https://elsewhere.example/x#y">out</a>',
    "b.png": "",
  });
  expect(checkLinks(site)).toEqual({ pages: 2, links: 3, dead: [] });
});

it("names a file that is not there, an anchor that its page lacks, and a folder", () => {
  const site = siteOf({
    "index.html": '<a href="guides/none.html">1</a> <a href="guides/a.html#three">2</a> <a href="guides">3</a>',
    "guides/a.html": "<p>href=&quot;not/a/link.html&quot;</p>",
  });
  expect(checkLinks(site).dead).toEqual([
    "index.html -> guides/none.html",
    "index.html -> guides/a.html#three",
    "index.html -> guides",
  ]);
});
