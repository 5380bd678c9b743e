import { importLine } from "./code-pieces.js";
import { print } from "./layout.js";

/** The names that a list takes from one module. */
export interface ListedModule {
  readonly from: string;
  readonly names: readonly string[];
}

/** What a written list holds: the payloads' types, or the schemas they are made from. */
export type ListKind = "types" | "schemas";

const firstLines: Record<ListKind, string> = {
  types: "// The payloads' types; this list is written by `generate`.",
  schemas: "// The schemas; this list is written by `generate`.",
};
const last = "// End of the written list.";

/**
 * Puts a list of exports between the two comments that mark its place in a module; `undefined` where the module has no
 * such place.
 */
export function withExportList(text: string, kind: ListKind, modules: readonly ListedModule[]): string | undefined {
  const first = firstLines[kind];
  const start = text.indexOf(first);
  const end = text.indexOf(last, start);
  if (start < 0 || end < 0) return undefined;
  const keyword = kind === "types" ? "export type" : "export";
  const lists = modules.map(({ from, names }) => print(importLine(names, from, keyword)));
  return `${text.slice(0, start + first.length)}\n${lists.join("\n")}\n${text.slice(end)}`;
}

/** The schemas that a module declares: its exported constants whose names end in `Schema`, in alphabetical order. */
export function schemasOf(source: string): string[] {
  return [...source.matchAll(/^export const (\w+Schema)\b/gm)].map((match) => match[1] as string).sort();
}
