/**
 * What a checker expected where it refuses, in the words of `expectation`; `false` or `undefined` where it accepts.
 *
 * Where the refusal is, no checker says: `explain` finds it by watching what was read last.
 */
export type Refusal = string | false | undefined;

/** Judges a value: as strictly as a writer, or as a reader tolerates it. Generated, one a payload or nested object. */
export type Checker = (value: unknown, strict: boolean) => Refusal;
