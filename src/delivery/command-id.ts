const form = /^[\w-]{1,64}$/;

/** Says whether a stranger's value can be a command's id: 1 to 64 letters, digits, `_` or `-`. */
export function isCommandId(value: unknown): value is string {
  return typeof value === "string" && form.test(value);
}

/** Reads the id out of a command's `{ id }` argument; `undefined` when there is none, or none that is well formed. */
export function commandIdOf(value: unknown): string | undefined {
  const { id } = (value ?? {}) as { id?: unknown };
  return isCommandId(id) ? id : undefined;
}
