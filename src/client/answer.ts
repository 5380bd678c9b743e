import type { Outcome } from "./channel.js";

/** An acknowledgement, taken apart. `lost` codes: `timeout`, `closed`. */
export type Answer =
  | { readonly ok: true; readonly body: { readonly [key: string]: unknown } }
  | {
      readonly ok: false;
      readonly lost: boolean;
      readonly code: string;
      readonly path?: string;
      readonly retryAfterMs?: number;
    };

/** Reads `{ ok, … }`; what is malformed counts as the server's `internal` failure. */
export function readAnswer(outcome: Outcome): Answer {
  if ("lost" in outcome) return { ok: false, lost: true, code: outcome.lost };
  const body = (outcome.answer ?? {}) as { readonly [key: string]: unknown };
  if (body.ok === true) return { ok: true, body };
  const { code, path, retry_after_ms } = (body.error ?? {}) as { [key: string]: unknown };
  return {
    ok: false,
    lost: false,
    code: typeof code === "string" ? code.slice(0, 64) : "internal",
    ...(typeof path === "string" && { path: path.slice(0, 256) }),
    ...(typeof retry_after_ms === "number" && { retryAfterMs: retry_after_ms }),
  };
}

/** The state in which a command ends that was refused with a code: these two say that no answer came in time. */
export function stateOfRefused(code: string): "expired" | "refused" {
  return code === "expired" || code === "timeout" ? "expired" : "refused";
}
