import * as fc from "fast-check";
import { explain } from "../contract/explain.js";
import type { StringShape } from "../contract/shape.js";

// One code point each: what is escaped in JSON, in HTML and in logs, accents, kana, and two UTF-16 units at once.
const characters = [..."aZ09 _-./\\\"'<&{\n\u0000\u2028éか語😀"];
// How far above its least length a text grows, so that a bound of thousands does not make every payload long.
const spare = 8;

/** Texts of a shape: of its length, in its patterns, or timestamps as the wire takes them. */
export function textArbitrary(shape: StringShape): fc.Arbitrary<string> {
  const isOfShape = (text: string) => explain(shape, text, "writer") === undefined;
  if (shape.timestamp) return timestampArbitrary().filter(isOfShape);
  const least = Math.max(shape.min ?? 0, shape.points?.[0] ?? 0);
  const most = Math.min(shape.max ?? Infinity, shape.points?.[1] ?? Infinity);
  if (shape.patterns?.length) return patternArbitrary(shape.patterns, sizeFor(least)).filter(isOfShape);
  // Bounds in code points admit every character; where UTF-16 units are counted, those of one unit keep them.
  const isCounted = shape.min !== undefined || shape.max !== undefined;
  const unit = fc.constantFrom(...(isCounted ? characters.filter(({ length }) => length === 1) : characters));
  return fc.string({ unit, minLength: least, maxLength: Math.min(most, least + spare) });
}

/** Texts of each pattern that fast-check can make any of: which of them implies the others is not known. */
function patternArbitrary(patterns: NonNullable<StringShape["patterns"]>, size: fc.Size): fc.Arbitrary<string> {
  let refusal: unknown;
  const made = patterns.flatMap(({ source, flags }) => {
    try {
      return [fc.stringMatching(new RegExp(source, flags), { size })];
    } catch (error) {
      refusal = error;
      return [];
    }
  });
  if (made.length === 0) throw refusal;
  return fc.oneof(...made);
}

/** The least size in which `x*` may become so long: of shorter texts none would ever pass. */
function sizeFor(length: number): fc.Size {
  if (length > 100) return length > 1_000 ? "xlarge" : "large";
  if (length > 10) return "medium";
  return length > 1 ? "small" : "xsmall";
}

/** Moments of this century: in UTC, with an offset, or naive as Python writes them, of every length that there is. */
function timestampArbitrary(): fc.Arbitrary<string> {
  const moment = fc.date({ min: new Date("2000-01-01"), max: new Date("2099-12-31"), noInvalidDate: true });
  const fraction = fc.nat({ max: 9 }).map((digits) => ".123456789".slice(0, digits && digits + 1));
  return fc
    .tuple(moment, fraction, fc.constantFrom("Z", "", "+09:00"))
    .map(([at, digits, zone]) => `${at.toISOString().slice(0, 19)}${digits}${zone}`);
}
