// What stands in a refusal where no shape says it; imported as `words`, so that a bundle has each where it is used.

/** A key that a writer may not give. */
export const unknownKey = "no such key";

/** The one key that is refused wherever it stands. */
export const protoKey = "no __proto__ key";

/** What nests deeper than an open object may. */
export const depth = "at most 32 levels";

/** What JSON cannot carry, … */
export const json = "plain JSON";

/** … such as a number that is not finite. */
export const finite = "finite number";
