import * as fc from "fast-check";
import type { StringShape } from "../contract/shape.js";

// One code point each: what is escaped in JSON, in HTML and in logs, accents, kana, and two UTF-16 units at once.
const characters = [..."aZ09 _-./\\\"'<&{\n\u0000\u2028éか語😀"];
// How far above its least length a text grows, so that a bound of thousands does not make every payload long.
const spare = 8;

/** Texts of a shape: of its length, in its patterns, or timestamps as the wire takes them. */
export function textArbitrary(shape: StringShape): fc.Arbitrary<string> {
  if (shape.timestamp) return timestampArbitrary();
  const [pattern, ...others] = shape.patterns ?? [];
  if (pattern) {
    const further = others.map(({ source, flags }) => new RegExp(source, flags));
    return fc
      .stringMatching(new RegExp(pattern.source, pattern.flags), { size: "xsmall" })
      .filter((text) => isBetween(text.length, shape.min, shape.max) && further.every((regex) => regex.test(text)));
  }
  // Bounds in code points admit every character; where UTF-16 units are counted, those of one unit keep them.
  const [least, most] = shape.points ?? [shape.min ?? 0, shape.max];
  const isCounted = shape.min !== undefined || shape.max !== undefined;
  const unit = fc.constantFrom(...(isCounted ? characters.filter(({ length }) => length === 1) : characters));
  return fc.string({ unit, minLength: least, maxLength: Math.min(most ?? Number.POSITIVE_INFINITY, least + spare) });
}

/** Moments of this century: in UTC, with an offset, or naive as Python writes them, with 0, 3 or 6 fraction digits. */
function timestampArbitrary(): fc.Arbitrary<string> {
  const moment = fc.date({ min: new Date("2000-01-01"), max: new Date("2099-12-31"), noInvalidDate: true });
  const fraction = fc.constantFrom("", ".250", ".123456");
  return fc
    .tuple(moment, fraction, fc.constantFrom("Z", "", "+09:00"))
    .map(([at, digits, zone]) => `${at.toISOString().slice(0, 19)}${digits}${zone}`);
}

function isBetween(length: number, least = 0, most = Number.POSITIVE_INFINITY): boolean {
  return length >= least && length <= most;
}
