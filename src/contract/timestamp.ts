/**
 * ISO 8601 date and time as it stands on the wire: seconds always, 0 to 9 fraction digits, and `Z`, an offset or
 * nothing; without a zone it means UTC. No leap seconds, no day that the calendar lacks.
 *
 * `z.string().regex(timestampPattern)` in a payload is read as a timestamp by every generator.
 */
export const timestampPattern: RegExp =
  // Days 1 to 28 of any month, 29 and 30 of all but February, 31 of the long ones; 29 February of a leap year.
  /^(?:\d{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)|(?:\d\d(?:[2468][048]|[13579][26]|0[48])|(?:[02468][048]|[13579][26])00)-02-29)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?$/;

/**
 * Reads a timestamp of the wire as epoch milliseconds; a naive one means UTC. Digits below 1 ms are cut off.
 *
 * Returns `NaN` for a text that is no timestamp, as `Date.parse` does.
 */
export function parseTimestamp(text: string): number {
  if (!timestampPattern.test(text)) return Number.NaN;
  // Only three fraction digits are portable in Date.parse; the rest is cut here.
  const [, stamp, fraction = "", offset = "Z"] = /^([^.Z+]{19})(?:\.(\d+))?(.*)$/.exec(text) ?? [];
  return Date.parse(`${stamp}.${fraction.slice(0, 3).padEnd(3, "0")}${offset === "" ? "Z" : offset}`);
}
