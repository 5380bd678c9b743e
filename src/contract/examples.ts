import { ContractError } from "./errors.js";

/** Payloads that show an event; they feed tests, documents and exports, and are checked when the event is defined. */
export interface Examples {
  /** As a writer gives them: derived fields may be left out. */
  readonly valid: readonly object[];
  /** `path` is where the payload goes wrong. */
  readonly invalid: readonly { readonly path: string; readonly payload: unknown }[];
}

/** Checks that every valid example is valid and every invalid one is refused where it says. */
export function checkExamples(
  name: string,
  examples: Examples,
  find: (payload: unknown, as: "writer" | "reader") => { readonly path: string } | undefined,
): void {
  const refuse = (sentence: string) => new ContractError("example_invalid", sentence, { event: name });
  if (!examples?.valid?.length || !examples.invalid?.length)
    throw refuse("give at least one valid and one invalid example");
  for (const [i, payload] of examples.valid.entries()) {
    const found = find(payload, "writer");
    if (found) throw refuse(`examples.valid[${i}] is refused at ${found.path || "the payload"}`);
  }
  for (const [i, { path, payload }] of examples.invalid.entries()) {
    const found = find(payload, "writer") ?? find(payload, "reader");
    if (!found) throw refuse(`examples.invalid[${i}] is accepted`);
    if (found.path !== path)
      throw refuse(`examples.invalid[${i}] is refused at ${found.path || "the payload"}, not at ${path}`);
  }
}
