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
const hexEscape = /^\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4}))/;
// Only with the flag `u`: a pair of halves, which is one character, and a number in braces.
const unicodeEscape = /^\\u(?:(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})|\{([0-9a-f]+)\})/i;

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
  const unicode = flags.includes("u");
  const units = unicode ? Array.from(source) : source.split("");
  const out: string[] = [];
  for (let i = 0; i < units.length; i++) {
    const unit = units[i] as string;
    const rest = units.slice(i).join("");
    if (unit === "\\" || unit === "[") {
      const part = unit === "[" ? translateClass(units.slice(i), unicode) : translateEscape(rest, unicode, false);
      if (part === undefined) return undefined;
      out.push(part.text);
      i += part.length - 1;
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
  return unicode ? text : text.replace(/[\ud800-\udfff]/g, (half) => `\\u${half.charCodeAt(0).toString(16)}`);
}

interface Part {
  readonly text: string;
  /** How much of the pattern it stands for. */
  readonly length: number;
}

function translateClass(units: readonly string[], unicode: boolean): Part | undefined {
  const negated = units[1] === "^";
  let at = negated ? 2 : 1;
  if (units[at] === "]") return { text: negated ? "[\\s\\S]" : "(?!)", length: at + 1 };
  const members: string[] = [];
  while (units[at] !== "]") {
    const unit = units[at] as string;
    // Python warns of what may become set operations.
    const literal = { text: /[[&~|]/.test(unit) ? `\\${unit}` : unit, length: 1 };
    const member = unit === "\\" ? translateEscape(units.slice(at).join(""), unicode, true) : literal;
    if (member === undefined) return undefined;
    members.push(member.text);
    at += member.length;
  }
  const out: string[] = [];
  for (let i = 0; i < members.length; i++) {
    out.push(members[i] === "-" && i < members.length - 1 ? "\\-" : (members[i] as string));
    const last = members[i + 2];
    if (members[i + 1] !== "-" || last === undefined) continue;
    // Beside a set such as \w a dash is itself, and what follows it begins no other range.
    out.push(sets.has(members[i]) || sets.has(last) ? "\\-" : "-", last === "-" ? "\\-" : last);
    i += 2;
  }
  return { text: `[${negated ? "^" : ""}${out.join("")}]`, length: at + 1 };
}

function translateEscape(rest: string, unicode: boolean, inClass: boolean): Part | undefined {
  const letter = rest[1] ?? "";
  const hex = (unicode && unicodeEscape.exec(rest)) || hexEscape.exec(rest);
  if (hex) {
    const units = hex.slice(1).flatMap((digits) => (digits === undefined ? [] : [Number.parseInt(digits, 16)]));
    const [code = 0, low] = units;
    const point = low === undefined ? code : String.fromCharCode(code, low).codePointAt(0);
    return { text: `\\U${(point ?? 0).toString(16).padStart(8, "0")}`, length: hex[0].length };
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
  if (letter === "b") return { text: inClass ? "\\x08" : "\\b", length: 2 };
  // Python finds its own \B in no empty text.
  if (letter === "B" && !inClass) return { text: "(?!\\b)", length: 2 };
  if (/[A-Za-z0-9]/.test(letter) || letter === "") return undefined;
  return { text: letter === "/" ? "/" : `\\${letter}`, length: 2 };
}
