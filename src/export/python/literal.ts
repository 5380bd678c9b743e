/** Writes a text as a Python string. */
export function pyString(text: string): string {
  // JSON's escapes are Python's too; a lone surrogate is escaped by both, and the rest stays readable.
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Writes a value without parts as a Python expression. */
export function pyLiteral(value: string | number | boolean | null): string {
  if (value === null) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (typeof value === "number") return String(value);
  return pyString(value);
}

/** Writes expressions as a tuple. */
export function pyTuple(items: readonly string[]): string {
  return items.length === 1 ? `(${items[0]},)` : `(${items.join(", ")})`;
}

const WIDTH = 120;

/** Writes `before`, the items and `after` on one line, or each item on its own where that line grows too long. */
export function pyList(indent: string, before: string, items: readonly string[], after: string): string {
  const line = `${indent}${before}${items.join(", ")}${after}`;
  if (items.length === 0 || line.length <= WIDTH) return line;
  return [`${indent}${before}`, ...items.map((item) => `${indent}    ${item},`), `${indent}${after}`].join("\n");
}

/** Writes a sentence, which ends in no quote, as a docstring of one line, indented. */
export function pyDocstring(text: string, indent: string): string {
  return `${indent}"""${docText(text.replace(/\s*\n\s*/g, " "))}"""`;
}

/** Writes a text as part of a docstring. */
export function docText(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"""', '\\"\\"\\"');
}
