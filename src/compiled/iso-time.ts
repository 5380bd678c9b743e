let second = Number.NaN;
let prefix = "";

/**
 * A moment of Unix ms as an ISO 8601 UTC timestamp with ms, as `Date.prototype.toISOString` writes it.
 *
 * An emit asks for the time it is: writing out the date anew only once a second saves a fifth of the rest of it.
 */
export function isoTime(now: number): string {
  const whole = Math.floor(now / 1000);
  if (whole !== second) {
    const text = new Date(now).toISOString();
    // Years of more than four digits have another form; they are not worth remembering.
    if (text.length !== 24) return text;
    second = whole;
    prefix = text.slice(0, 20);
  }
  return `${prefix}${String(1000 + Math.floor(now - whole * 1000)).slice(1)}Z`;
}
