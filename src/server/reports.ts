import { ContractError } from "../contract/errors.js";
import { toLogText } from "./log-text.js";
import type { LogFields, Logger } from "./logger.js";
import type { CounterName, Metrics } from "./metrics.js";

/** What was being done when an error was caught: names, ids and codes, never a payload. */
export interface ErrorContext {
  readonly during: "emit" | "command" | "authenticate" | "authorize" | "enter" | "deliver" | "backend" | "close";
  readonly event?: string;
  readonly command?: string;
  readonly room?: string;
  readonly userId?: string;
}

/** Where the library says what happens: log, metrics and error tracker, each of which may be missing or may throw. */
export class Reports {
  constructor(
    readonly logger: Logger | undefined,
    private readonly metrics: Metrics | undefined,
    private readonly onError: ((error: unknown, context: ErrorContext) => void) | undefined,
  ) {}

  /** Whether a line for each emit is worth putting together. */
  get debugging(): boolean {
    const { logger } = this;
    return logger !== undefined && (logger.isLevelEnabled === undefined || logger.isLevelEnabled("debug"));
  }

  get counting(): boolean {
    return this.metrics !== undefined;
  }

  count(counter: CounterName, by: number, event: string, reason: string): void {
    try {
      this.metrics?.count(counter, by, event, reason);
    } catch {
      // A broken sink must not break what it counts.
    }
  }

  log(level: "debug" | "info" | "warn", fields: LogFields, message: string): void {
    try {
      this.logger?.[level](toLogFields(fields), message);
    } catch {
      // As above.
    }
  }

  /**
   * Tells of an error that was caught. The log gets its name and code, and the words of this library's own errors, which
   * hold no values; only the error tracker gets the error itself.
   */
  error(error: unknown, context: ErrorContext, code = "internal"): void {
    const name = error instanceof Error ? error.name : typeof error;
    const detail = error instanceof ContractError ? error.message : undefined;
    try {
      this.logger?.error(toLogFields({ ...context, code, error: name, detail }), `${context.during} failed`);
    } catch {
      // As above.
    }
    try {
      this.onError?.(error, context);
    } catch {
      // As above.
    }
  }
}

// Names and ids are chosen by strangers, and what an application lets be logged is not always what it thinks.
function toLogFields(fields: LogFields): LogFields {
  const safe: Record<string, string | number | boolean | undefined> = {};
  for (const [name, value] of Object.entries(fields)) safe[name] = typeof value === "string" ? toLogText(value) : value;
  return safe;
}
