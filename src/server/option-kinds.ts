/** What an option without a default has to be, and how that is said to whoever gave something else. */
export type OptionKinds = Readonly<Record<string, readonly [fits: (given: unknown) => boolean, sentence: string]>>;

/** Refuses an option of another kind, which would turn a rule into none, or into another; one that is left out says nothing. */
export function requireKinds(
  kinds: OptionKinds,
  options: object,
  refuse: (name: string, sentence: string) => Error,
): void {
  for (const [name, [fits, sentence]] of Object.entries(kinds)) {
    const given = (options as Readonly<Record<string, unknown>>)[name] ?? undefined;
    if (given !== undefined && !fits(given)) throw refuse(name, sentence);
  }
}

export function isFunction(given: unknown): boolean {
  return typeof given === "function";
}
