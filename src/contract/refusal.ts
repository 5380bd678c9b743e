import type { EventEntry, PayloadChecker } from "./contract.js";
import type { Issue } from "./errors.js";
import type { Role } from "./expectation.js";

/** Why a value is refused, and what it threw where it could not be read. */
export type Refusal = Issue & { readonly cause?: unknown };

/** Says why a checker refuses a value; `undefined` if it does not. Never throws. */
export function refusalOf(checker: PayloadChecker, value: unknown, role: Role): Refusal | undefined {
  try {
    if (checker.accepts(value, role)) return undefined;
    return checker.explain(value, role) ?? { path: "", expected: "a valid payload", got: "another" };
  } catch (cause) {
    // A getter, a proxy or a checker that throws: what cannot be read is not valid.
    return { path: "", expected: "plain data", got: "a value that throws when read", cause };
  }
}

/** Whether a reader refuses a variant that a newer writer brought: a new event in all but name. */
export function isNewVariant({ discriminator }: EventEntry, { path, got }: Issue): boolean {
  return path === discriminator && got === "string";
}
