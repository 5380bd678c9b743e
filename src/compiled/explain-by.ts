import type { Issue } from "../contract/errors.js";
import type { Path } from "../contract/path.js";
import { findProtoKey, issue } from "../contract/plain-json.js";
import * as words from "../contract/words.js";
import type { Checker } from "./refusal.js";

// A value that was read on the way, how it was come by, and what of its fields nobody asked for.
interface Step {
  readonly value: unknown;
  readonly path: Path;
  readonly rest: Record<string, unknown>;
}

/**
 * Says where and why a checker refuses a value; `undefined` if it does not.
 *
 * A checker stops at the first thing that is wrong, so that is the last thing it read: it is run once more, on a
 * stand-in that remembers what is read.
 */
export function explainBy(check: Checker, value: unknown, strict: boolean): Issue | undefined {
  let last: Step = { value, path: [], rest: {} };
  let listed = last;

  function watched(value: unknown, path: Path): unknown {
    const step: Step = { value, path, rest: { ...(value as object) } };
    last = step;
    if (typeof value !== "object" || value === null) return value;
    const list = Array.isArray(value);
    // Of a frozen object a proxy may show nothing but its own values, so it stands before a copy.
    return new Proxy(list ? value.slice() : Object.setPrototypeOf({ ...value }, Object.getPrototypeOf(value)), {
      get(copy, name: string) {
        // The prototype, which nothing is refused for here; a key of that name is known to no checker, and may be refused.
        const isProto = name === "__proto__";
        if (isProto && !Object.hasOwn(copy, name)) return undefined;
        if (list && name === "length") {
          last = step;
          return copy.length;
        }
        if (!isProto) delete step.rest[name];
        return watched(Object.hasOwn(copy, name) ? copy[name] : undefined, [...path, list ? Number(name) : name]);
      },
      has(copy, name: string) {
        delete step.rest[name];
        return name in copy;
      },
      ownKeys(copy) {
        listed = step;
        return Reflect.ownKeys(copy);
      },
    });
  }

  const expected = check(watched(value, []), strict);
  if (!expected) return undefined;
  return expected === words.unknownKey ? furtherIssue(listed, strict) : issue(last.path, expected, last.value);
}

// The keys that no checker asked for are those that it does not know.
function furtherIssue({ path, rest }: Step, strict: boolean): Issue | undefined {
  for (const name of Object.keys(rest)) {
    const here = [...path, name];
    const held = rest[name];
    if (name === "__proto__") return issue(here, words.protoKey, held);
    const found = strict ? issue(here, words.unknownKey, held) : findProtoKey(held, here);
    if (found) return found;
  }
  return undefined;
}
