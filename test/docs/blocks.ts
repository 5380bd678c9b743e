import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

export const root = resolve(import.meta.dirname, "../..");

/** The documents, except those that are written by a program. */
export const pages = [
  ...readdirSync(root).filter((name) => name.endsWith(".md")),
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md") && !name.startsWith("contract/"))
    .map((name) => `docs/${name}`),
];

/** A fenced block of a document. */
export interface Block {
  readonly page: string;
  /** Where it begins: `docs/recipes.md:12`. */
  readonly place: string;
  readonly language: string;
  readonly code: string;
  /** Given by `<!-- run: name -->` on the line before: a test runs it. */
  readonly name: string | undefined;
}

/** Every fenced block of a page. */
export function blocksOf(page: string): Block[] {
  const text = readFileSync(join(root, page), "utf8");
  const fenced = /^(?:<!-- run: ([\w-]+) -->\n)?```(\S*)\n([\s\S]*?)^```$/gm;
  return [...text.matchAll(fenced)].map((match) => ({
    page,
    place: `${page}:${text.slice(0, match.index).split("\n").length + (match[1] === undefined ? 0 : 1)}`,
    language: match[2] as string,
    code: match[3] as string,
    name: match[1],
  }));
}

export const blocks = pages.flatMap(blocksOf);
