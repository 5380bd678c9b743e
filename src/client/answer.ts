/** What came of a request: an acknowledgement, taken apart, or the reason why none will come. */
export interface Answer {
  readonly ok: boolean;
  readonly lost: boolean;
  /** Why it is not `ok`; of one that is `lost`, `timeout` or `closed`. */
  readonly code: string;
  readonly path: string | undefined;
  readonly retryAfterMs: number | undefined;
  /** All that the server said. */
  readonly body: { readonly [key: string]: unknown };
}

/** Reads `{ ok, … }`; what is malformed counts as the server's `internal` failure. */
export function readAnswer(answer: unknown, lost?: "timeout" | "closed" | null): Answer {
  const body = (answer ?? {}) as { readonly [key: string]: unknown };
  const { code, path, retry_after_ms } = (body.error ?? {}) as { [key: string]: unknown };
  return {
    ok: body.ok === true,
    lost: Boolean(lost),
    code: lost ?? (typeof code === "string" ? code.slice(0, 64) : "internal"),
    path: typeof path === "string" ? path.slice(0, 256) : undefined,
    retryAfterMs: typeof retry_after_ms === "number" ? retry_after_ms : undefined,
    body,
  };
}

/** The state in which a command ends that was refused with a code: these two say that no answer came in time. */
export function stateOfRefused(code: string): "expired" | "refused" {
  return code === "expired" || code === "timeout" ? "expired" : "refused";
}
