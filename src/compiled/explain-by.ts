import type { Issue } from "../contract/errors.js";
import { words } from "../contract/expectation.js";
import type { Path } from "../contract/path.js";
import { findProtoKey, issue } from "../contract/plain-json.js";
import type { Fields } from "./fields.js";
import type { Checker } from "./refusal.js";

// A value that was read on the way, how it was come by, and which of its own fields were asked for.
interface Step {
  readonly value: unknown;
  readonly path: Path;
  readonly asked: Set<string>;
}

/**
 * Says where and why a checker refuses a value; `undefined` if it does not.
 *
 * A checker stops at the first thing that is wrong, so that is the last thing it read: it is run once more, on a
 * stand-in that remembers what is read.
 */
export function explainBy(check: Checker, value: unknown, strict: boolean): Issue | undefined {
  const root: Step = { value, path: [], asked: new Set() };
  let last = root;
  let listed = root;

  function watched(step: Step): unknown {
    const { value, path, asked } = step;
    if (typeof value !== "object" || value === null) return value;
    return new Proxy(copyOf(value), {
      get(copy, name) {
        const held: unknown = Reflect.get(copy, name);
        const list = Array.isArray(copy);
        if (typeof name === "symbol" || (list && name === "length")) {
          last = step;
          return held;
        }
        asked.add(name);
        last = { value: held, path: [...path, list ? Number(name) : name], asked: new Set() };
        return watched(last);
      },
      has(copy, name) {
        asked.add(String(name));
        return Reflect.has(copy, name);
      },
      ownKeys(copy) {
        listed = step;
        return Reflect.ownKeys(copy);
      },
    });
  }

  const expected = check(watched(root) as Fields, strict);
  if (!expected) return undefined;
  return expected === words.unknownKey ? furtherIssue(listed, strict) : issue(last.path, expected, last.value);
}

// Of a frozen object a proxy may show nothing but its own values, so it stands before a copy.
function copyOf(value: object): object {
  return Array.isArray(value) ? value.slice() : Object.setPrototypeOf({ ...value }, Object.getPrototypeOf(value));
}

// The keys that no checker asked for are those that it does not know.
function furtherIssue({ value, path, asked }: Step, strict: boolean): Issue | undefined {
  for (const name of Object.keys(value as Fields)) {
    if (asked.has(name)) continue;
    const here = [...path, name];
    const held = (value as Fields)[name];
    if (name === "__proto__") return issue(here, words.protoKey, held);
    const found = strict ? issue(here, words.unknownKey, held) : findProtoKey(held, here);
    if (found) return found;
  }
  return undefined;
}
