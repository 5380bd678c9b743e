import type { NumberShape, StringShape } from "../../contract/shape.js";

// A timestamp of the wire: 19 characters at least, and 9 fraction digits and an offset at most.
const TIMESTAMP_LENGTH = [19, 35] as const;

/** Says whether every number of the writer lies within the reader's bounds. */
export function rangeWithin(writer: NumberShape, reader: NumberShape): boolean {
  const low = lower(writer);
  const high = lower(mirrored(writer));
  return isAbove(low, reader) && isAbove(high, mirrored(reader));
}

interface Bound {
  readonly value: number;
  /** Whether the bound itself is left out. */
  readonly open: boolean;
}

function lower({ integer, min, above }: NumberShape): Bound {
  if (integer) {
    const least = Math.max(Math.ceil(min ?? -Infinity), above === undefined ? -Infinity : Math.floor(above) + 1);
    return { value: Math.max(least, Number.MIN_SAFE_INTEGER), open: false };
  }
  if (above !== undefined && above >= (min ?? -Infinity)) return { value: above, open: true };
  return { value: min ?? -Number.MAX_VALUE, open: false };
}

// The upper bounds of a range are the lower ones of its mirror image.
function mirrored({ max, below, ...shape }: NumberShape): NumberShape {
  return {
    kind: "number",
    integer: shape.integer,
    ...(max === undefined ? {} : { min: -max }),
    ...(below === undefined ? {} : { above: -below }),
  };
}

function isAbove(low: Bound, reader: NumberShape): boolean {
  if (reader.min !== undefined && low.value < reader.min) return false;
  return reader.above === undefined || low.value > reader.above || (low.value === reader.above && low.open);
}

/** Says whether every text of the writer is as long as the reader wants it, whatever its patterns. */
export function lengthWithin(writer: StringShape, reader: Pick<StringShape, "min" | "max" | "points">): boolean {
  const [shortest, longest] = writer.timestamp ? TIMESTAMP_LENGTH : [0, Infinity];
  const least = Math.max(writer.min ?? 0, shortest);
  const most = Math.min(writer.max ?? Infinity, longest);
  const [fewest, greatest] = writer.points ?? [0, Infinity];
  // A code point is one unit or two; a timestamp is ASCII.
  const wide = writer.timestamp ? 1 : 2;
  const units = [Math.max(least, fewest), Math.min(most, wide * greatest)] as const;
  const points = [Math.max(fewest, Math.ceil(least / wide)), Math.min(greatest, most)] as const;
  return (
    units[0] >= (reader.min ?? 0) &&
    units[1] <= (reader.max ?? Infinity) &&
    points[0] >= (reader.points?.[0] ?? 0) &&
    points[1] <= (reader.points?.[1] ?? Infinity)
  );
}
