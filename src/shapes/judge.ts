import type { Issue } from "../contract/errors.js";
import { kindOf } from "../contract/expectation.js";
import { formatPath } from "../contract/path.js";
import { JSON_DEPTH } from "../contract/shape.js";

/** A refusal: what was expected in place of a value, and the steps to that value, from the inside out. */
export interface Refusal {
  readonly expected: string;
  readonly value: unknown;
  readonly steps: (string | number)[];
  /** It was found in what a reader passes by, where a stranger chooses how deep that is. */
  readonly passed?: true;
}

/** Judges a value, in one of the two roles; `undefined` where it accepts, and then nothing is allocated. */
export type Judge = (value: unknown) => Refusal | undefined;

/** Refuses a value itself. */
export function refuse(expected: string, value: unknown): Refusal {
  return { expected, value, steps: [] };
}

/** Adds the step by which the refused value was reached. */
export function at(step: string | number, refusal: Refusal | undefined): Refusal | undefined {
  refusal?.steps.push(step);
  return refusal;
}

/** Tells a refusal as every checker does. */
export function issueOf({ expected, value, steps, passed }: Refusal): Issue {
  const path = steps.reverse();
  if (passed) path.splice(JSON_DEPTH + 1, path.length - JSON_DEPTH - 2);
  return { path: formatPath(path), expected, got: kindOf(value) };
}
