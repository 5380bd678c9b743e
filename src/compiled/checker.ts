import type { PayloadChecker } from "../contract/contract.js";
import { explainBy } from "./explain-by.js";
import type { Fields } from "./fields.js";
import type { Checker } from "./refusal.js";

/** A contract's checker out of a generated one. */
export function payloadChecker(check: Checker): PayloadChecker {
  return {
    accepts: (value, role) => !check(value as Fields, role === "writer"),
    explain: (value, role) => explainBy(check, value, role === "writer"),
  };
}
