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
