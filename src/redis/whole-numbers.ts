/** Limits as Redis takes them: whole, and no more than either end counts to, which of a time is as good as for ever. */
export function toWholeNumbers<TLimits extends object>(limits: TLimits): TLimits {
  const whole = Object.entries(limits).map(([name, value]) => [
    name,
    typeof value === "number" ? Math.min(Math.ceil(value), Number.MAX_SAFE_INTEGER) : value,
  ]);
  return Object.fromEntries(whole) as TLimits;
}
