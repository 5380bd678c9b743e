import type { ContractError } from "./errors.js";
import { fieldNames, type PayloadShape } from "./shape.js";

/**
 * Refuses a declaration that has a key beside the known ones: it is misspelt, and what it means would be left out without
 * a word, since TypeScript does not look for such keys where it infers the type of what is declared.
 *
 * In JavaScript anything may stand there: what is no object counts as such a key.
 */
export function checkKeys(declared: object, known: readonly string[], refuse: (sentence: string) => Error): void {
  const keys = Object(declared) === declared ? Object.keys(declared) : [`${declared}`];
  const other = keys.find((key) => !known.includes(key));
  if (other !== undefined) throw refuse(`there is no key ${other}; write ${known.join(", ")}`);
}

/** Checks that what a log may show is among a payload's fields. */
export function checkLogFields(
  given: readonly string[] | undefined,
  shape: PayloadShape,
  refuse: (sentence: string) => ContractError,
): void {
  const fields = fieldNames(shape);
  for (const field of given ?? [])
    if (!fields.has(field)) throw refuse(`logFields: ${field} is no field of the payload`);
}

/** What events and commands both say in words. */
export function checkText(
  definition: { readonly summary: string; readonly since: string; readonly deprecated?: string | undefined },
  refuse: (sentence: string) => ContractError,
): void {
  // A contract in JavaScript, or one whose types nobody checked, may leave out what the types ask for.
  if (!isSaid(definition.summary)) throw refuse("summary: say in one sentence what it tells");
  if (!/^\d+\.\d+\.\d+$/.test(definition.since))
    throw refuse('since: write the contract version that brought it, such as "1.0.0"');
  // `true` would be taken, and be what no `diff` can judge.
  if (!isSaid(definition.deprecated ?? "-")) throw refuse("deprecated: say what to use instead");
}

function isSaid(text: unknown): boolean {
  return typeof text === "string" && text.trim() !== "";
}
