import type { Issue } from "../contract/errors.js";
import { stepBefore } from "../contract/path.js";
import { issue } from "../contract/plain-json.js";

/** Judges a value, in one of the two roles; `undefined` where it accepts, and then nothing is allocated. */
export type Judge = (value: unknown) => Issue | undefined;

/** Refuses a value itself. */
export const refuse = (expected: string, value: unknown): Issue => issue([], expected, value);

/** Adds the step by which the refused value was reached. */
export const at = (step: string | number, refusal: Issue): Issue => ({
  ...refusal,
  path: stepBefore(refusal.path, step),
});
