import { isThenable } from "./thenable.js";

/** Tells what the application wants to be told; what fails in it, at once or later, must not break what it is told of. */
export function attempt(tell: () => unknown): void {
  try {
    const told = tell();
    if (isThenable(told)) told.then(undefined, () => {});
  } catch {
    // Nobody is left to tell.
  }
}
