import type { PatternShape } from "../../contract/shape.js";

/** A pattern of JavaScript in Python's words. */
export interface PythonPattern {
  readonly source: string;
  readonly ignoreCase: boolean;
  /** Whether it reads UTF-16 units: a pattern without the flag `u` does. */
  readonly units: boolean;
}

const space = "\\t\\n\\x0b\\x0c\\r \\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff";
const classes: Record<string, string> = { d: "0-9", w: "A-Za-z0-9_", s: space };
const sets = new Set<string | undefined>(Object.values(classes));
const controls: Record<string, string> = { "0": "\\x00", n: "\\n", r: "\\r", t: "\\t", f: "\\x0c", v: "\\x0b" };

/**
 * Translates a pattern; `undefined` for one that Python cannot say with the same meaning (properties, lookbehind,
 * back-references, the flags m, v and y).
 */
export function toPythonPattern({ source, flags }: PatternShape): PythonPattern | undefined {
  if (/[^ius]/.test(flags)) return undefined;
  // Beyond ASCII the two languages fold case differently.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: this is the ASCII range
  if (flags.includes("i") && (flags.includes("u") || /[^\x00-\x7f]|\\u|\\x|\[\^/.test(source))) return undefined;
  const translated = translate(source, flags);
  return translated === undefined
    ? undefined
    : { source: translated, ignoreCase: flags.includes("i"), units: !flags.includes("u") };
}

function translate(source: string, flags: string): string | undefined {
  const units = flags.includes("u") ? Array.from(source) : source.split("");
  const out: string[] = [];
  let inClass = false;
  for (let i = 0; i < units.length; i++) {
    const unit = units[i] as string;
    const rest = units.slice(i).join("");
    if (unit === "\\") {
      const escaped = translateEscape(rest, inClass);
      if (escaped === undefined) return undefined;
      out.push(escaped.text);
      i += escaped.length - 1;
    } else if (inClass) {
      if (unit === "]") inClass = false;
      // Python warns of what may become set operations, and takes a dash beside a set such as \w for a range.
      const isDash = /^-\\[dsw]/.test(rest) || (/^-[^\]]/.test(rest) && sets.has(out.at(-1)));
      out.push(isDash || /[[&~|]/.test(unit) ? `\\${unit}` : unit);
    } else if (unit === "[") {
      if (rest.startsWith("[^]") || rest.startsWith("[]")) {
        out.push(rest.startsWith("[^]") ? "[\\s\\S]" : "(?!)");
        i += rest.startsWith("[^]") ? 2 : 1;
      } else {
        inClass = true;
        out.push(rest.startsWith("[^") ? "[^" : "[");
        if (rest.startsWith("[^")) i++;
      }
    } else if (unit === ".") {
      out.push(flags.includes("s") ? "[\\s\\S]" : "[^\\n\\r\\u2028\\u2029]");
    } else if (unit === "$") {
      out.push("\\Z");
    } else if (unit === "(" && rest.startsWith("(?") && !/^\(\?(?::|=|!|<[A-Za-z_]\w*>)/.test(rest)) {
      return undefined;
    } else if (rest.startsWith("(?<")) {
      out.push("(?P<");
      i += 2;
    } else if (unit === "{" && !/^\{\d+(?:,\d*)?\}/.test(rest)) {
      out.push("\\{");
    } else {
      out.push(unit);
    }
  }
  const text = out.join("");
  // A pattern over units holds the halves of surrogate pairs, which would be one character in a Python string.
  return flags.includes("u")
    ? text
    : text.replace(/[\ud800-\udfff]/g, (half) => `\\u${half.charCodeAt(0).toString(16)}`);
}

function translateEscape(rest: string, inClass: boolean): { text: string; length: number } | undefined {
  const letter = rest[1] ?? "";
  const hex = /^\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\})/.exec(rest);
  if (hex) {
    const code = Number.parseInt((hex[1] ?? hex[2] ?? hex[3]) as string, 16);
    return { text: `\\U${code.toString(16).padStart(8, "0")}`, length: hex[0].length };
  }
  const members = classes[letter.toLowerCase()];
  if (members !== undefined) {
    const negated = letter !== letter.toLowerCase();
    if (inClass) return negated ? undefined : { text: members, length: 2 };
    return { text: `[${negated ? "^" : ""}${members}]`, length: 2 };
  }
  if (letter === "0" && /\d/.test(rest[2] ?? "")) return undefined;
  const control = controls[letter];
  if (control !== undefined) return { text: control, length: 2 };
  if (letter === "b" || (letter === "B" && !inClass)) return { text: inClass ? "\\x08" : `\\${letter}`, length: 2 };
  if (/[A-Za-z0-9]/.test(letter) || letter === "") return undefined;
  return { text: letter === "/" ? "/" : `\\${letter}`, length: 2 };
}
