let second = Number.NaN;
let prefix = "";
let last = Number.NaN;
let lastText = "";

/**
 * A moment of Unix ms as an ISO 8601 UTC timestamp with ms, as `Date.prototype.toISOString` writes it.
 *
 * An emit asks for the time it is: writing out the date anew only once a second saves a fifth of the rest of it, and
 * those of one millisecond share their text, which is put together, checked and encoded sooner the second time.
 */
export function isoTime(now: number): string {
  if (now === last) return lastText;
  const whole = Math.floor(now / 1000);
  if (whole !== second) {
    const text = new Date(now).toISOString();
    // Years of more than four digits have another form; they are not worth remembering.
    if (text.length !== 24) return text;
    second = whole;
    prefix = text.slice(0, 20);
  }
  last = now;
  lastText = `${prefix}${String(1000 + Math.floor(now - whole * 1000)).slice(1)}Z`;
  return lastText;
}
