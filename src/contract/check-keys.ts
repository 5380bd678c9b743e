/**
 * Refuses a declaration that is no object, and one that has a key beside the known ones: it is misspelt, and what it means
 * would be left out without a word, since TypeScript does not look for such keys where it infers the type of what is declared.
 */
export function checkKeys(declared: object, known: readonly string[], refuse: (sentence: string) => Error): void {
  // In JavaScript anything may stand here.
  if (typeof declared !== "object" || declared === null) throw refuse(`write an object of ${known.join(", ")}`);
  const other = Object.keys(declared).find((key) => !known.includes(key));
  if (other !== undefined) throw refuse(`there is no key ${other}; write ${known.join(", ")}`);
}
