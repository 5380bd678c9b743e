import { Misuse } from "./exit-code.js";
import { timerMs } from "./timer-ms.js";

/** The options of one call, as given; each is read by the kind that the command expects. */
export class CliOptions {
  readonly #given: Readonly<Record<string, unknown>>;

  constructor(given: Readonly<Record<string, unknown>>) {
    this.#given = given;
  }

  /** Whether a flag was given. */
  flag(name: string): boolean {
    return this.#once(name) === true;
  }

  /** The text of an option, or `undefined` if it was not given. */
  text(name: string): string | undefined {
    const value = this.#once(name);
    return value === undefined ? undefined : textOf(name, value);
  }

  /** The texts of an option that may be given more than once. */
  texts(name: string): string[] {
    const value = this.#given[camelCase(name)];
    return value === undefined ? [] : [value].flat().map((each) => textOf(name, each));
  }

  /** A number above 0. */
  number(name: string): number | undefined {
    const given = this.text(name);
    const value = given === undefined ? undefined : Number(given);
    if (value !== undefined && !(value > 0 && Number.isFinite(value)))
      throw new Misuse(`--${name}: write a number above 0`);
    return value;
  }

  /** A time that is given in seconds, as the milliseconds of a timer. */
  milliseconds(name: string): number | undefined {
    const seconds = this.number(name);
    return seconds === undefined ? undefined : timerMs(seconds);
  }

  /** A whole number above 0. */
  count(name: string): number | undefined {
    const value = this.number(name);
    if (value !== undefined && !Number.isSafeInteger(value))
      throw new Misuse(`--${name}: write a whole number above 0`);
    return value;
  }

  /** One of some words. */
  choice<const TWord extends string>(name: string, words: readonly TWord[]): TWord | undefined {
    const given = this.text(name);
    const word = words.find((candidate) => candidate === given);
    if (given !== undefined && word === undefined) throw new Misuse(`--${name}: write ${words.join(" or ")}`);
    return word;
  }

  #once(name: string): unknown {
    const value = this.#given[camelCase(name)];
    if (Array.isArray(value)) throw new Misuse(`--${name} was given more than once`);
    return value;
  }
}

/** `fail-on-empty` → `failOnEmpty`, the key under which the parser puts an option. */
export function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Stands before a word that the parser is to leave as it is. */
export const MARK = "\u0000";

/**
 * Marks a word of which the parser would make something else: a lone "-" is to it an option without a name, and what looks
 * like a number is one, without its zeros, and without its last digits where it is long.
 */
export function marked(word: string): string {
  return word === "-" || Number.isFinite(Number(word)) ? MARK + word : word;
}

export function unmarked(word: string): string {
  return word.replace(MARK, "");
}

function textOf(name: string, value: unknown): string {
  const text = unmarked(String(value));
  // A variable that is not set, in quotes.
  if (text === "") throw new Misuse(`--${name}: it is empty`);
  return text;
}
