import type { Derivation } from "../contract/derive.js";
import { derivationExpectation } from "../contract/derive.js";
import type { PatternShape, StringShape } from "../contract/shape.js";

/** A rule of the contract that the exported form cannot say, so that it accepts more than the contract does. */
export interface NotExpressed {
  /** The field, as in `npc.skills[]`; empty for the payload itself. */
  readonly path: string;
  /** What the contract demands, in words. */
  readonly rule: string;
}

/** The derivations that no schema can compare; `event_name` is a constant, and `now` and `template` are not judged. */
export function unexpressedDerivation(derivation: Derivation, eventName: string): string | undefined {
  if (derivation.kind === "now" || derivation.kind === "template" || derivation.kind === "event_name") return undefined;
  return `is ${derivationExpectation(derivation, eventName)}`;
}

/** JSON Schema counts code points, `min` and `max` count UTF-16 units. */
export function unexpressedLength(shape: StringShape): string | undefined {
  if ((shape.min ?? 0) <= 1 && shape.max === undefined) return undefined;
  return "its length is counted in UTF-16 units, here in code points";
}

/**
 * Says why a pattern of JavaScript cannot stand in a schema, where every pattern is read with the flag `u` and no
 * other; `undefined` if it can.
 */
export function unexpressedPattern({ source, flags }: PatternShape): string | undefined {
  if (flags !== "" && flags !== "u") return `the pattern's flags "${flags}"`;
  if (flags === "u") return undefined;
  try {
    new RegExp(source, "u");
  } catch {
    return "a pattern that is not one of Unicode mode";
  }
  // Only what matches half of a surrogate pair differs between the two modes.
  return /\[\^|\\[WDSBPup]|\.|[\ud800-\udfff]/.test(source.replace(/\\[\\.]/g, ""))
    ? "a pattern over UTF-16 units"
    : undefined;
}
