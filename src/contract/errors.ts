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

const arrows: Record<Direction, string> = { server_to_client: "server → client", client_to_server: "client → server" };

// Two copies of the package (ESM beside CJS) must know each other's errors, so `instanceof` asks the brand.
function branded(brand: string, value: unknown): boolean {
  return typeof value === "object" && value !== null && Symbol.for(brand) in value;
}

const contractBrand = "@gestaloka/events.ContractError";
const commandBrand = "@gestaloka/events.CommandError";
const refusalBrand = "@gestaloka/events.CommandRefusal";

/** What a {@link ContractError} knows besides its code and sentence. */
export interface ContractErrorDetails {
  readonly event?: string;
  readonly direction?: Direction;
  readonly issue?: Issue;
  readonly cause?: unknown;
}

/**
 * A contract that cannot be, or a payload that is not of it.
 *
 * `code` is stable; `event`, `direction`, `path`, `expected` and `got` say where, in kinds and never in values.
 */
export class ContractError extends Error {
  override readonly name = "ContractError";
  readonly code: ErrorCode;
  readonly event: string | undefined;
  readonly direction: Direction | undefined;
  readonly path: string | undefined;
  readonly expected: string | undefined;
  readonly got: string | undefined;

  constructor(code: ErrorCode, sentence: string, { event, direction, issue, cause }: ContractErrorDetails = {}) {
    const subject = event === undefined ? "" : `${event}${direction === undefined ? "" : ` (${arrows[direction]})`}: `;
    super(`[@gestaloka/events] ${subject}${sentence} (docs/errors.md#${code})`, cause === undefined ? {} : { cause });
    Object.defineProperty(this, Symbol.for(contractBrand), { value: true });
    this.code = code;
    this.event = event;
    this.direction = direction;
    this.path = issue?.path;
    this.expected = issue?.expected;
    this.got = issue?.got;
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return branded(contractBrand, value);
  }
}

/** Makes the error of a payload that does not check. */
export function payloadError(event: string, direction: Direction, issue: Issue): ContractError {
  const where =
    issue.path === "" ? "payload" : issue.path.startsWith("[") ? `payload${issue.path}` : `payload.${issue.path}`;
  return new ContractError("payload_invalid", `${where}: expected ${issue.expected}, got ${issue.got}`, {
    event,
    direction,
    issue,
  });
}

/** What a {@link CommandError} knows besides its code. */
export interface CommandErrorDetails {
  readonly command?: string;
  readonly commandId?: string;
  readonly path?: string;
  readonly retryAfterMs?: number;
}

/**
 * Why a command was not applied, at the client: the server's refusal code or one of this library's.
 *
 * `commandId` is the one the command was sent under; `retryAfterMs` is the server's hint in ms.
 */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly code: string;
  readonly command: string | undefined;
  readonly commandId: string | undefined;
  readonly path: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: string, { command, commandId, path, retryAfterMs }: CommandErrorDetails = {}) {
    super(
      `[@gestaloka/events] ${command ?? "command"} (client → server): ${code}${path ? ` at payload.${path}` : ""} (docs/errors.md#${code})`,
    );
    Object.defineProperty(this, Symbol.for(commandBrand), { value: true });
    this.code = code;
    this.command = command;
    this.commandId = commandId;
    this.path = path;
    this.retryAfterMs = retryAfterMs;
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return branded(commandBrand, value);
  }
}

/**
 * Thrown by a command's handler to refuse it: the code travels to the sender, nothing else does.
 *
 * `retryAfterMs` tells the sender when to try again, in ms.
 */
export class CommandRefusal<TCode extends string = string> extends Error {
  override readonly name = "CommandRefusal";
  readonly code: TCode;
  readonly retryAfterMs: number | undefined;

  constructor(code: TCode, { retryAfterMs }: { readonly retryAfterMs?: number } = {}) {
    super(`[@gestaloka/events] command refused: ${code}`);
    Object.defineProperty(this, Symbol.for(refusalBrand), { value: true });
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return branded(refusalBrand, value);
  }
}
