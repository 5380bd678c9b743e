import { printable } from "../printable.js";

/** What a check came to. */
export interface DoctorFinding {
  readonly check: string;
  /** `fail`: players will feel it; `warn`: some may, or it could be better; `skip`: it could not be looked at. */
  readonly verdict: "ok" | "warn" | "fail" | "skip";
  readonly found: string;
  /** What to do about it. */
  readonly advice?: string;
}

/** Makes the findings of one check. */
export function findingsOf(check: string) {
  const finding = (verdict: DoctorFinding["verdict"]) => (found: string, advice?: string) => ({
    check,
    verdict,
    // Much of it are a server's own words.
    found: printable(found),
    ...(advice !== undefined && { advice }),
  });
  return { ok: finding("ok"), warn: finding("warn"), fail: finding("fail"), skip: finding("skip") };
}

export function milliseconds(ms: number): string {
  return ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms).toLocaleString("en")} ms`;
}
