import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

/** What was followed in a built site, and what leads nowhere. */
export interface LinkCheck {
  readonly pages: number;
  readonly links: number;
  /** `page -> href`, one each. */
  readonly dead: readonly string[];
}

/** Follows every link of a static site to its file and its anchor; what leads out of the site is let be. */
export function checkLinks(site: string): LinkCheck {
  const files = readdirSync(site, { recursive: true, encoding: "utf8" }).map((name) => join(site, name));
  // A site's icons are links to parts of a drawing.
  const texts = new Map(
    files.filter((file) => /\.(?:html|svg)$/.test(file)).map((file) => [file, readFileSync(file, "utf8")]),
  );
  const anchors = new Map([...texts].map(([file, text]) => [file, new Set(valuesOf(text, "id"))]));
  const pages = files.filter((file) => file.endsWith(".html"));
  const dead: string[] = [];
  let links = 0;
  for (const page of pages) {
    const text = texts.get(page) as string;
    for (const href of new Set([...valuesOf(text, "href"), ...valuesOf(text, "src")])) {
      if (/^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(href)) continue;
      links++;
      const [path = "", anchor] = href.split("#").map(decodeURIComponent);
      const target = path === "" ? page : resolve(dirname(page), path);
      const isThere = existsSync(target) && statSync(target).isFile();
      if (!isThere || (anchor && !anchors.get(target)?.has(anchor))) dead.push(`${relative(site, page)} -> ${href}`);
    }
  }
  return { pages: pages.length, links, dead };
}

/** The values of an attribute, in tags alone: a page's code may speak of `href="…"` as well. */
function valuesOf(text: string, attribute: string): string[] {
  const inTag = new RegExp(`<[a-z][^<>]*?\\s${attribute}="([^"]*)"`, "gi");
  return [...text.matchAll(inTag)].map((match) => (match[1] as string).replaceAll("&amp;", "&"));
}
