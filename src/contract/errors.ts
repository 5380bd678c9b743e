import type { ErrorCode } from "./error-codes.js";

/** Which way a payload travels. */
export type Direction = "server_to_client" | "client_to_server";

/** Where a payload goes wrong: kinds and bounds, never a value, since a value may be personal. */
export interface Issue {
  /** `npc.skills[3]`; empty for the payload itself. */
  readonly path: string;
  /** `integer, at least 0` */
  readonly expected: string;
  /** A kind: `string`, `null`, `missing`, … */
  readonly got: string;
}

const scope = "@gestaloka/events";

// Two copies of the package (ESM beside CJS) must know each other's errors, so `instanceof` asks the brand: which error it is.
const brand = Symbol.for(scope);

function isBranded(name: string, value: unknown): boolean {
  return (value as { readonly [brand]?: unknown } | null | undefined)?.[brand] === name;
}

// Gives a new error its brand, and what it knows.
function complete(error: Error, details: object): void {
  Object.defineProperty(error, brand, { value: error.name });
  Object.assign(error, details);
}

/** What a {@link ContractError} knows besides its code and sentence. */
export interface ContractErrorDetails {
  readonly event?: string;
  readonly direction?: Direction;
  readonly issue?: Issue;
  readonly appendId?: string | undefined;
  readonly cause?: unknown;
}

/**
 * A contract that cannot be, or a payload that is not of it.
 *
 * `code` is stable; `event`, `direction`, `path`, `expected` and `got` say where, in kinds and never in values.
 */
export class ContractError extends Error {
  /** Always `ContractError`. */
  override readonly name = "ContractError";
  /** Stable: one of `errorCodes`. */
  declare readonly code: ErrorCode;
  /** The event or command that it is about. */
  declare readonly event: string | undefined;
  /** Which way the payload travels. */
  declare readonly direction: Direction | undefined;
  /** Where the payload goes wrong, as in `npc.skills[3]`; empty for the payload itself. */
  declare readonly path: string | undefined;
  /** What may stand there: `integer, at least 0`. */
  declare readonly expected: string | undefined;
  /** The kind of what stands there: `string`, `null`, `missing`, … */
  declare readonly got: string | undefined;
  /** With `log_unknown`: what to repeat the emit with, so that it is written once. */
  declare readonly appendId: string | undefined;

  constructor(code: ErrorCode, sentence: string, { issue, cause, ...details }: ContractErrorDetails = {}) {
    const { event, direction } = details;
    const way = direction ? ` (${direction.replace("_to_", " → ")})` : "";
    const subject = event ? `${event}${way}: ` : "";
    super(`[${scope}] ${subject}${sentence} (docs/errors.md#${code})`, cause === undefined ? {} : { cause });
    complete(this, { code, ...details, ...issue });
  }

  /** Knows the errors of another copy of the package, too. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return isBranded("ContractError", value);
  }
}

/** Makes the error of a payload that does not check; `cause` is what it threw where it could not be read. */
export function payloadError(
  event: string,
  direction: Direction,
  { cause, ...issue }: Issue & { readonly cause?: unknown },
): ContractError {
  const { path, expected, got } = issue;
  const where = `payload${path === "" || path.startsWith("[") ? path : `.${path}`}`;
  const sentence = `${where}: expected ${expected}, got ${got}`;
  return new ContractError("payload_invalid", sentence, { event, direction, issue, cause });
}

/** What a {@link CommandError} knows besides its code. */
export interface CommandErrorDetails extends Readonly<Partial<Record<keyof Issue, string | undefined>>> {
  readonly command?: string;
  readonly commandId?: string;
  readonly retryAfterMs?: number | undefined;
}

/**
 * Why a command was not applied, at the client: the server's refusal code or one of this library's.
 *
 * `commandId` is the one the command was sent under; `retryAfterMs` is the server's hint in ms.
 */
export class CommandError extends Error {
  /** Always `CommandError`. */
  override readonly name = "CommandError";
  /** One of `errorCodes`, or of the command's own refusal codes. */
  declare readonly code: ErrorCode | (string & {});
  /** The command's name on the wire. */
  declare readonly command: string | undefined;
  /** The id that it was given, where it was given one. */
  declare readonly commandId: string | undefined;
  /** With `payload_invalid`: where the payload, or the answer, goes wrong. */
  declare readonly path: string | undefined;
  /** What may stand there, where this end refused it: `integer, at least 0`. */
  declare readonly expected: string | undefined;
  /** The kind of what stands there: `string`, `null`, `missing`, … */
  declare readonly got: string | undefined;
  /** When the server would have it tried again, in ms. */
  declare readonly retryAfterMs: number | undefined;

  constructor(code: string, { command, commandId, path, expected, got, retryAfterMs }: CommandErrorDetails = {}) {
    const where = path ? ` at payload.${path}` : "";
    const why = got ? `: expected ${expected}, got ${got}` : "";
    super(`[${scope}] ${command ?? "command"} (client → server): ${code}${where}${why} (docs/errors.md#${code})`);
    complete(this, { code, command, commandId, path, expected, got, retryAfterMs });
  }

  /** Knows the errors of another copy of the package, too. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return isBranded("CommandError", value);
  }
}

/**
 * Thrown by a command's handler to refuse it: the code travels to the sender, nothing else does.
 *
 * `retryAfterMs` tells the sender when to try again, in ms.
 */
export class CommandRefusal<TCode extends string = string> extends Error {
  /** Always `CommandRefusal`. */
  override readonly name = "CommandRefusal";
  /** One of the command's own refusal codes, or of `errorCodes`; any other is answered `internal`. */
  declare readonly code: TCode;
  /** When the sender should try again, in ms. */
  declare readonly retryAfterMs: number | undefined;

  constructor(code: TCode, { retryAfterMs }: { readonly retryAfterMs?: number } = {}) {
    super(`[@gestaloka/events] command refused: ${code} (docs/errors.md#${code})`);
    complete(this, { code, retryAfterMs });
  }

  /** Knows the errors of another copy of the package, too. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return isBranded("CommandRefusal", value);
  }
}
