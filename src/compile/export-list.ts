import { importLine } from "./contract-file.js";
import { print } from "./layout.js";

const first = "// The payloads' types; this list is written by `generate`.";
const last = "// End of the written list.";

/**
 * Puts the list of exported types between the two comments that mark its place in a module; `undefined` where the
 * module has no such place.
 */
export function withExportList(text: string, types: readonly string[], from: string): string | undefined {
  const start = text.indexOf(first);
  const end = text.indexOf(last);
  if (start < 0 || end < start) return undefined;
  const list = print(importLine(types, from, "export type"));
  return `${text.slice(0, start + first.length)}\n${list}\n${text.slice(end)}`;
}
