/** Why a command was not applied, as it travels: a code, where the payload was wrong, when to try again. */
export interface AnswerError {
  readonly code: string;
  readonly path?: string;
  /** ms */
  readonly retry_after_ms?: number;
}

/** The acknowledgement of a command. */
export type Answer =
  | { readonly ok: true; readonly data: unknown }
  | { readonly ok: false; readonly error: AnswerError };

export function applied(data: unknown): Answer {
  return { ok: true, data };
}

export function refused(error: AnswerError | string): Answer {
  return { ok: false, error: typeof error === "string" ? { code: error } : error };
}
