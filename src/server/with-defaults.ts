/** Options with whatever was left out: `undefined`, `null` and `NaN`, as of a variable that is not set, say nothing either. */
export function withDefaults<TDefaults extends object, TGiven extends object>(
  defaults: TDefaults,
  given: TGiven | undefined,
): TDefaults & TGiven {
  const said = Object.entries(given ?? {}).filter(([, value]) => !Number.isNaN(value ?? Number.NaN));
  return { ...defaults, ...Object.fromEntries(said) } as TDefaults & TGiven;
}
