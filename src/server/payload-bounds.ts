/** How deep and how large a stranger's JSON may be before anybody looks at what it means. */
export interface PayloadBounds {
  readonly depth: number;
  /** Keys, items and bytes of attachments, at all levels together. */
  readonly keys: number;
}

// What the walk that is under way may still meet of the bound on keys: walks are synchronous, so there is one at a time.
let left = 0;

/** Says whether JSON is within bounds; it stops where they are crossed, and allocates nothing. */
export function isWithinBounds(value: unknown, { depth, keys }: PayloadBounds): boolean {
  if (typeof value !== "object" || value === null) return true;
  left = keys;
  return fits(value, depth);
}

function fits(value: object, depth: number): boolean {
  if (depth === 0) return false;
  if (Array.isArray(value)) {
    left -= value.length;
    if (left < 0) return false;
    for (let index = 0; index < value.length; index++) {
      const item: unknown = value[index];
      if (typeof item === "object" && item !== null && !fits(item, depth - 1)) return false;
    }
    return true;
  }
  // Whoever walks a view meets each of its bytes as an item; whether it may stand there at all is not asked here.
  if (ArrayBuffer.isView(value)) {
    left -= value.byteLength;
    return left >= 0;
  }
  for (const key in value) {
    if (--left < 0) return false;
    const held: unknown = (value as Record<string, unknown>)[key];
    if (typeof held === "object" && held !== null && !fits(held, depth - 1)) return false;
  }
  return true;
}
