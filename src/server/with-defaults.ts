import type { ErrorCode } from "../contract/error-codes.js";
import { ContractError } from "../contract/errors.js";

/**
 * Options with whatever was left out: `undefined`, `null` and `NaN`, as of a variable that is not set, say nothing either.
 *
 * What is of another kind than its default would be passed over, or would lift a limit that nothing is above. `others` are the
 * options without a default.
 *
 * @throws {ContractError} of the code, naming the option, which stands at `place`.
 */
export function withDefaults<TDefaults extends object, TGiven extends object>(
  defaults: TDefaults,
  given: TGiven | null | undefined,
  code: ErrorCode,
  place: string,
  others: readonly string[] = [],
): TDefaults & TGiven {
  if (typeof (given ?? {}) !== "object") throw new ContractError(code, `${place}: write an object`);
  const options = (given ?? {}) as Readonly<Record<string, unknown>>;
  // What an instance has from its class is no key of its own: a rule that is written there would be passed over.
  const names = new Set([...Object.keys(defaults), ...others, ...Object.keys(options)]);
  const said = Array.from(names, (name) => [name, options[name]] as const).filter(
    ([, value]) => !Number.isNaN(value ?? Number.NaN),
  );
  for (const [name, value] of said) {
    const kind = typeof (defaults as Readonly<Record<string, unknown>>)[name];
    if (kind === "undefined" || (typeof value === kind && !((value as number) < 0))) continue;
    throw new ContractError(code, `${place}.${name}: write a ${kind}${kind === "number" ? ", at least 0" : ""}`);
  }
  return { ...defaults, ...Object.fromEntries(said) } as TDefaults & TGiven;
}
