import type { PayloadChecker } from "../contract/contract.js";

type Fields = Readonly<Record<string, unknown>>;

/**
 * Chooses of the fields that the library knows those that a payload takes: a writer's payload has no key too many.
 *
 * `accepts` judges a candidate; the largest choice that passes is taken. There are at most a handful of fields.
 */
export function fitFields(known: Fields, accepts: (candidate: Fields) => boolean): Fields | undefined {
  const names = Object.keys(known).filter((name) => known[name] !== undefined);
  const choices = Array.from({ length: 2 ** names.length }, (_, bits) => names.filter((_, at) => (bits >> at) & 1));
  choices.sort((one, other) => other.length - one.length);
  for (const choice of choices) {
    const candidate = Object.fromEntries(choice.map((name) => [name, known[name]]));
    if (accepts(candidate)) return candidate;
  }
  return undefined;
}

/** The data of an acknowledgement that the library gives itself. */
export function fitAck(checker: PayloadChecker, known: Fields): Fields {
  return fitFields(known, (candidate) => checker.accepts(candidate, "writer")) ?? {};
}
