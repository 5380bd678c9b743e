import { bracketed, group, indent, join, type Layout, line } from "./layout.js";
import { key } from "./names.js";

/** A case of a choice: when a value is of it, and how it is judged then. */
export interface Branch {
  readonly test: string;
  readonly check: Layout;
}

/** `{ a: 1 }` */
export function object(entries: readonly (readonly [string, Layout])[]): Layout {
  return bracketed(
    "{",
    entries.map(([name, value]) => [key(name), ": ", value]),
    "}",
    line,
  );
}

/** `["a", "b"]` */
export function list(values: readonly unknown[]): Layout {
  return bracketed(
    "[",
    values.map((value) => JSON.stringify(value)),
    "]",
  );
}

/** The entries of an object whose values are written as they are; not those that are `undefined` or an empty list. */
export function written(said: object): (readonly [string, Layout])[] {
  return Object.entries(said)
    .filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0))
    .map(([name, value]: [string, unknown]) => [name, valueCode(value)] as const);
}

function valueCode(value: unknown): Layout {
  if (Array.isArray(value)) return list(value);
  return typeof value === "object" && value !== null ? object(written(value)) : JSON.stringify(value);
}

/** `import { a, b } from "…";`, in the order in which tools sort names. */
export function importLine(names: readonly string[], from: string, keyword = "import"): Layout {
  const bare = (name: string) => name.replace(/^type /, "");
  const sorted = [...names].sort((a, b) => compareNames(bare(a), bare(b)));
  return [keyword, " ", bracketed("{", sorted, "}", line), ` from ${JSON.stringify(from)};`];
}

// Letter by letter, whatever their case; capitals first where they are the same.
function compareNames(a: string, b: string): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [x, y] = [a.charAt(i), b.charAt(i)];
    const [low, high] = [x.toLowerCase(), y.toLowerCase()];
    if (low !== high) return low < high ? -1 : 1;
    if (x !== y) return x < y ? -1 : 1;
  }
  return a.length - b.length;
}

/** Alternatives: the first refusal counts. */
export function or(conditions: readonly Layout[]): Layout {
  return join([" ||", line], conditions);
}

/** A check that is made where something else holds. */
export function both(test: Layout, check: Layout): Layout {
  return ["(", group([test, " &&", indent([line, check])]), ")"];
}

/** The check of the first case that a value is of. */
export function choose(branches: readonly Branch[], otherwise: string): Layout {
  const chosen = branches.reduceRight<Layout>(
    (rest, { test, check }) => [test, indent([line, "? ", check, line, ": ", rest])],
    otherwise,
  );
  return group(["(", chosen, ")"]);
}

/** Words that depend on who judges. */
export function roleWords(words: (role: "writer" | "reader") => string): string {
  const [writer, reader] = [words("writer"), words("reader")];
  return writer === reader
    ? JSON.stringify(writer)
    : `(strict ? ${JSON.stringify(writer)} : ${JSON.stringify(reader)})`;
}

/** `text` for the code `text(v)`, and `npc` for `npc(v, strict)`: what takes an item as it is. */
export function directName(check: Layout): string | undefined {
  const text = flatText(check);
  const name = /^([A-Za-z]\w*)\(v(?:, strict)?\)$/.exec(text)?.[1];
  // These take bounds where others take `strict`.
  return name === "integer" || name === "finite" ? undefined : name;
}

/** Whether code has a word outside of its strings. */
export function mentions(layout: Layout, word: string): boolean {
  return new RegExp(`\\b${word}\\b`).test(flatText(layout).replace(/"(?:[^"\\]|\\.)*"/g, ""));
}

function flatText(layout: Layout): string {
  if (typeof layout === "string") return layout;
  if (Array.isArray(layout)) return layout.map(flatText).join("");
  const piece = layout as Exclude<Layout, string | readonly Layout[]>;
  if (piece.kind === "line") return piece.flat;
  return piece.kind === "group" || piece.kind === "indent" ? flatText(piece.of) : "";
}
