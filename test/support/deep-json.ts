/** As `JSON.stringify` for plain JSON, however deep: a hostile peer's encoder has no stack to overflow. */
export function toDeepJson(value: unknown): string {
  let text = "";
  // Texts to write as they are, and values still to be written, last first.
  const pending: ({ readonly text: string } | { readonly value: unknown })[] = [{ value }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    if ("text" in next) text += next.text;
    else if (typeof next.value !== "object" || next.value === null) text += JSON.stringify(next.value) ?? "null";
    else {
      const isArray = Array.isArray(next.value);
      const entries = Object.entries(next.value);
      pending.push({ text: isArray ? "]" : "}" });
      for (let i = entries.length - 1; i >= 0; i--) {
        const [key, child] = entries[i] as [string, unknown];
        pending.push({ value: child }, { text: `${i > 0 ? "," : ""}${isArray ? "" : `${JSON.stringify(key)}:`}` });
      }
      pending.push({ text: isArray ? "[" : "{" });
    }
  }
  return text;
}
