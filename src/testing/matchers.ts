// What is widened below is found in the built declarations only where it is imported.
import type {} from "vitest";
import { type CheckOptions, checkAck, checkCommand, checkEvent } from "../contract/check.js";
import type { Contract } from "../contract/contract.js";
import { requireContract } from "../server/check-options.js";

/** What `expect(payload)` can say once `expect.extend(eventMatchers(contract))` was called. Judged as a writer's unless told. */
export interface EventMatchers {
  /** Passes for a payload of this event, derived fields filled. */
  toBeValidEvent(name: string, options?: CheckOptions): void;
  /** Passes for a payload of this command. */
  toBeValidCommand(name: string, options?: CheckOptions): void;
  /** Passes for the data of a positive acknowledgement of this command. */
  toBeValidAck(name: string, options?: CheckOptions): void;
}

declare module "vitest" {
  interface Matchers<T> extends EventMatchers {}
}

/** What a matcher of vitest's or Jest's returns. */
export interface MatcherResult {
  /** Whether the payload is as the matcher says. */
  readonly pass: boolean;
  /** What to print where it is not what was expected. */
  readonly message: () => string;
}

type Matcher = (payload: unknown, name: string, options?: CheckOptions) => MatcherResult;

/** The matchers of a contract, for `expect.extend`: of vitest, or of whatever takes the same. */
export function eventMatchers(contract: Contract): { readonly [TName in keyof EventMatchers]: Matcher } {
  requireContract(contract);
  const { events, commands } = contract;
  const matcher =
    (check: typeof checkEvent, declared: ReadonlyMap<string, unknown>, what: string): Matcher =>
    (payload, name, options = { as: "writer" }) => {
      const result = check(contract, name, payload, options);
      if (result.ok) return { pass: true, message: () => `expected a payload that is none of ${what} ${name}` };
      const { expected, message } = result.error;
      // What cannot be judged, by its name or by the half of a contract, would hold with each `not`.
      if (!declared.has(name) || expected?.startsWith("the whole contract")) throw result.error;
      return { pass: false, message: () => message };
    };
  return {
    toBeValidEvent: matcher(checkEvent, events, "the event"),
    toBeValidCommand: matcher(checkCommand, commands, "the command"),
    toBeValidAck: matcher(checkAck, commands, "an acknowledgement of"),
  };
}
