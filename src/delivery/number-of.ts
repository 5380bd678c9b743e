/** A stranger's number, which may be anything; 0 for what is none above it. */
export function numberOf(value: unknown): number {
  // Asking an object for its number may throw.
  return typeof value === "number" && value > 0 ? value : 0;
}
