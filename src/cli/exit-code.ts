/** What a command's exit code says. */
export const exitCode = {
  /** Everything is as it should be. */
  ok: 0,
  /** The command ran, and found something wrong. */
  found: 1,
  /** The command was called wrongly, or could not read or write what it was given. */
  misuse: 2,
} as const;

/** Ends what the CLI says of a misuse with the address of its code, unless the library's own error did. */
export function addressed(complaint: string): string {
  return /\(docs\/errors\.md#\w+\)$/.test(complaint) ? complaint : `${complaint} (docs/errors.md#misuse)`;
}

/** Thrown by a command that was called wrongly; the message says what to write instead. */
export class Misuse extends Error {
  override readonly name = "Misuse";
}
