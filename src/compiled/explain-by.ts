import type { Issue } from "../contract/errors.js";
import type { Path } from "../contract/path.js";
import { findProtoKey, issue } from "../contract/plain-json.js";
import * as words from "../contract/words.js";
import type { Checker } from "./refusal.js";

// A value that was read on the way, how it was come by, and which of its fields were asked for.
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
  let last: Step = { value, path: [], asked: new Set() };
  let listed = last;

  function watched(value: unknown, path: Path): unknown {
    const step: Step = { value, path, asked: new Set() };
    last = step;
    if (typeof value !== "object" || value === null) return value;
    const list = Array.isArray(value);
    const fields = value as Record<string, unknown>;
    // Before a frozen object a proxy may show nothing but its own values, so it stands before an empty one. What a
    // stranger sent is large: a copy of its fields would cost far more than the check.
    return new Proxy(list ? value.slice() : (Object.create(Object.getPrototypeOf(value)) as object), {
      get(_, name: string) {
        // The prototype, which nothing is refused for here; a key of that name is known to no checker, and may be refused.
        const isProto = name === "__proto__";
        if (isProto && (list || !Object.hasOwn(fields, name))) return undefined;
        if (list && name === "length") {
          last = step;
          return fields.length;
        }
        if (!isProto) step.asked.add(name);
        return watched(Object.hasOwn(fields, name) ? fields[name] : undefined, [...path, list ? Number(name) : name]);
      },
      has(_, name: string) {
        step.asked.add(name);
        return name in fields;
      },
      ownKeys() {
        listed = step;
        return Reflect.ownKeys(fields);
      },
      getOwnPropertyDescriptor(shown, name) {
        if (list) return Reflect.getOwnPropertyDescriptor(shown, name);
        const held = Reflect.getOwnPropertyDescriptor(fields, name);
        return held && { ...held, configurable: true };
      },
    });
  }

  const expected = check(watched(value, []), strict);
  if (!expected) return undefined;
  return expected === words.unknownKey ? furtherIssue(listed, strict) : issue(last.path, expected, last.value);
}

// The keys that no checker asked for are those that it does not know.
function furtherIssue({ value, path, asked }: Step, strict: boolean): Issue | undefined {
  const fields = value as Record<string, unknown>;
  for (const name of Object.keys(fields)) {
    if (asked.has(name)) continue;
    const here = [...path, name];
    const held = fields[name];
    if (name === "__proto__") return issue(here, words.protoKey, held);
    const found = strict ? issue(here, words.unknownKey, held) : findProtoKey(held, here);
    if (found) return found;
  }
  return undefined;
}
