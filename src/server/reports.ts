import { ContractError } from "../contract/errors.js";
import { attempt } from "./attempt.js";
import { toLogText } from "./log-text.js";
import type { LogFields, Logger } from "./logger.js";
import type { CounterName, GaugeName, HistogramName, Metrics } from "./metrics.js";
import { Tally } from "./tally.js";
import { isThenable } from "./thenable.js";

/** What was being done when an error was caught: names, ids and codes, never a payload. */
export interface ErrorContext {
  /** What was being done. */
  readonly during: "emit" | "command" | "authenticate" | "authorize" | "enter" | "deliver" | "backend" | "close";
  /** The event's name on the wire. */
  readonly event?: string;
  /** The command's name on the wire. */
  readonly command?: string;
  /** The room's name. */
  readonly room?: string;
  /** Whose connection, or command, it was. */
  readonly userId?: string;
}

/** Where the library says what happens: log, metrics and error tracker, each of which may be missing or may throw. */
export class Reports {
  private readonly tally: Tally | undefined;

  constructor(
    readonly logger: Logger | undefined,
    metrics: Metrics | undefined,
    private readonly onError: ((error: unknown, context: ErrorContext) => void) | undefined,
  ) {
    this.tally = metrics && new Tally(metrics);
  }

  /** Whether a line for each emit is worth putting together. */
  get debugging(): boolean {
    const { logger } = this;
    try {
      return logger !== undefined && (logger.isLevelEnabled === undefined || logger.isLevelEnabled("debug"));
    } catch {
      return false;
    }
  }

  get counting(): boolean {
    return this.tally !== undefined;
  }

  /** `event` may be a name as JSON text, as stored events have it. */
  count(counter: CounterName, by: number, event: string, reason: string): void {
    this.tally?.count(counter, by, event, reason);
  }

  /** Takes `times` measurements of one bucket that are `ms` on average. */
  observe(histogram: HistogramName, ms: number, times: number, event: string, lane: string): void {
    this.tally?.observe(histogram, ms, times, event, lane);
  }

  /** Has gauges read whenever metrics are. */
  measure(gauges: Readonly<Record<GaugeName, () => number>>): void {
    for (const [name, read] of Object.entries(gauges)) this.tally?.gauge(name as GaugeName, read);
  }

  /** Tells the last counts. */
  close(): void {
    this.tally?.close();
  }

  log(level: "debug" | "info" | "warn", fields: LogFields, message: string): void {
    attempt(() => this.logger?.[level](toLogFields(fields), message));
  }

  /**
   * Tells of an error that was caught. The log gets its name and code, and the words of this library's own errors, which
   * hold no values; only the error tracker gets the error itself.
   */
  error(error: unknown, context: ErrorContext, code?: string): void {
    attempt(() => {
      // What is thrown may itself throw as it is read.
      const name = error instanceof Error ? error.name : typeof error;
      const own = error instanceof ContractError ? error : undefined;
      const told = code ?? own?.code ?? "internal";
      const fields = { ...context, code: told, error: name, detail: own?.message ?? systemCode(error) };
      return this.logger?.error(toLogFields(fields), `${context.during} failed`);
    });
    attempt(() => this.onError?.(error, context));
  }

  /** Has something done that nobody waits for, and tells of its error, at once or later. */
  guard(context: ErrorContext, work: () => unknown, code?: string): void {
    const tell = (error: unknown): void => this.error(error, context, code);
    try {
      const done = work();
      if (isThenable(done)) done.then(undefined, tell);
    } catch (error) {
      tell(error);
    }
  }
}

/** Node's own, as ECONNREFUSED and EAI_AGAIN, are constant words, and say why a backend cannot be had. */
export function systemCode(error: unknown): string | undefined {
  const code = (error as NodeJS.ErrnoException | null | undefined)?.code;
  return typeof code === "string" && /^E[A-Z_]{2,40}$/.test(code) ? code : undefined;
}

// Names and ids are chosen by strangers, and what an application lets be logged is not always what it thinks.
function toLogFields(fields: LogFields): LogFields {
  const safe: Record<string, string | number | boolean | undefined> = {};
  for (const [name, value] of Object.entries(fields)) safe[name] = typeof value === "string" ? toLogText(value) : value;
  return safe;
}
