export { load, loads } from "../support/ship-loads.js";

/** Waits for what no event announces. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Numbers 1 to `last`, as `loads` gives them when all were given once and in order. */
export const consecutive = (last: number) =>
  Array.from({ length: last }, (_, at): [number, number] => [at + 1, at + 1]);
