/** What was reckoned from fields; `undefined` where one is missing: the check then says so. */
export function reckoned(value: number): number | undefined {
  return Number.isNaN(value) ? undefined : value;
}

/** A text with fields in it; `undefined` where one is missing. */
export function standardText(words: readonly string[], ...values: readonly unknown[]): string | undefined {
  return values.includes(undefined) ? undefined : String.raw({ raw: words }, ...values);
}
