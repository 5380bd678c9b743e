/** `sp_update` → `SpUpdate`; what cannot stand in a name is left out. */
export function pascalCase(text: string): string {
  const name = text
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== "")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
  return /^[A-Z]/.test(name) ? name : `The${name}`;
}

/** `sp_update` → `spUpdate`. */
export function camelCase(text: string): string {
  const name = pascalCase(text);
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/** `choices` → `choice`; a word that is no plural gets an `_item`. */
export function itemWord(word: string): string {
  if (/[^aeiou]ies$/.test(word)) return word.replace(/ies$/, "y");
  if (/(?:s|x|ch|sh)es$/.test(word)) return word.replace(/es$/, "");
  if (/[^s]s$/.test(word)) return word.slice(0, -1);
  return `${word}_item`;
}

/** A name as a key of an object or an interface. */
export function key(name: string): string {
  // Said otherwise, it would be the object's prototype.
  if (name === "__proto__") return '["__proto__"]';
  return isIdentifier(name) ? name : JSON.stringify(name);
}

/** Whether a text can stand after a dot. */
function isIdentifier(name: string): boolean {
  return /^[A-Za-z_$][\w$]*$/.test(name);
}

/** Names that every object inherits: `value.name` says nothing about the value's own fields. */
export const inheritedNames: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

/** A field's name as a property that is read. */
export function property(of: string, name: string): string {
  return isIdentifier(name) ? `${of}.${name}` : `${of}[${JSON.stringify(name)}]`;
}

/** Names that are given once; a second taker gets a number behind it. */
export class NameBook {
  readonly #taken: Set<string>;

  constructor(reserved: readonly string[]) {
    this.#taken = new Set(reserved);
  }

  take(wanted: string): string {
    let name = wanted;
    for (let i = 2; this.#taken.has(name); i++) name = `${wanted}${i}`;
    this.#taken.add(name);
    return name;
  }
}
