/**
 * A pattern that bounds a text in Unicode code points, for `z.string().regex(textPattern(1, 2000))`.
 *
 * `.min` and `.max` count UTF-16 units, JSON Schema, Python and zod from 4.5 on count code points: with this one all agree.
 */
export function textPattern(min: number, max: number): RegExp {
  return new RegExp(`^[^]{${min},${max}}$`, "u");
}

/** Reads the bounds back out of a {@link textPattern}; `undefined` for any other pattern. */
export function textBounds(pattern: RegExp): readonly [min: number, max: number] | undefined {
  if (pattern.flags !== "u") return undefined;
  const match = /^\^\[\^\]\{(\d+),(\d+)\}\$$/.exec(pattern.source);
  return match ? [Number(match[1]), Number(match[2])] : undefined;
}

/** Counts the Unicode code points of a text; a lone surrogate counts as one. */
export function codePoints(text: string): number {
  let count = text.length;
  for (let i = 0; i < text.length - 1; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0xd800 || unit > 0xdbff) continue;
    const next = text.charCodeAt(i + 1);
    if (next >= 0xdc00 && next <= 0xdfff) {
      count--;
      i++;
    }
  }
  return count;
}
