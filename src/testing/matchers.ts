// What is widened below is found in the built declarations only where it is imported.
import type {} from "vitest";
import { type CheckOptions, type CheckResult, checkAck, checkCommand, checkEvent } from "../contract/check.js";
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
  const matcher =
    (check: typeof checkEvent, what: string): Matcher =>
    (payload, name, options = { as: "writer" }) =>
      toMatcherResult(check(contract, name, payload, options), `${what} ${name}`);
  return {
    toBeValidEvent: matcher(checkEvent, "the event"),
    toBeValidCommand: matcher(checkCommand, "the command"),
    toBeValidAck: matcher(checkAck, "an acknowledgement of"),
  };
}

function toMatcherResult(result: CheckResult, what: string): MatcherResult {
  if (result.ok) return { pass: true, message: () => `expected a payload that is none of ${what}` };
  return { pass: false, message: () => result.error.message };
}
