/** What a line of a log says beside its message; ids, names, codes and counts, never bodies or credentials. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Whatever logs: pino, winston, or an object of four functions. */
export interface Logger {
  /** Each event that was emitted; see `isLevelEnabled`. */
  debug(fields: LogFields, message: string): void;
  /** What an operator may want to know. */
  info(fields: LogFields, message: string): void;
  /** What was refused, closed or dropped. */
  warn(fields: LogFields, message: string): void;
  /** What failed. */
  error(fields: LogFields, message: string): void;
  /** Asked before a line is put together for each emit; pino has it. */
  isLevelEnabled?(level: string): boolean;
}
