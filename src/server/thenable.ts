/** Says whether what the application gave is still to come: a query of a database, or another library's promise, is no `Promise`. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
}
