/** Options with whatever was left out: `undefined` and `NaN`, as of a variable that is not set, say nothing either. */
export function withDefaults<TDefaults extends object, TGiven extends object>(
  defaults: TDefaults,
  given: TGiven | undefined,
): TDefaults & TGiven {
  const said = Object.entries(given ?? {}).filter(([, value]) => value !== undefined && !Number.isNaN(value));
  return { ...defaults, ...Object.fromEntries(said) } as TDefaults & TGiven;
}
