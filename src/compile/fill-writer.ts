import { sourcesOf } from "../contract/derive.js";
import type { DefinedEvent } from "../contract/event.js";
import { filledValue } from "./derivation-code.js";
import { block, bracketed, group, type Layout, line } from "./layout.js";
import { camelCase, key, type NameBook } from "./names.js";

/** Writes what fills in derived fields: one function for all events that derive the same. */
export class FillWriter {
  readonly #names: NameBook;
  readonly #known = new Map<string, string>();
  readonly #declared: Layout[] = [];
  readonly #used = new Set<string>();

  /** Takes the names of the file that its code goes to. */
  constructor(names: NameBook) {
    this.#names = names;
  }

  /** Every function, in order. */
  get declared(): readonly Layout[] {
    return this.#declared;
  }

  /** The names of the runtime that the code uses. */
  get used(): readonly string[] {
    return [...this.#used];
  }

  /** The name of the function that fills an event; `undefined` for one that derives nothing. */
  of(event: DefinedEvent): string | undefined {
    const steps = stepsOf(event);
    if (steps.length === 0) return undefined;
    const entries = steps.map((fields, i) =>
      fields.map((field) => {
        const from = i === 0 ? "input" : `filled${i}`;
        const derivation = event.derive?.[field];
        return derivation && `${key(field)}: ${filledValue(derivation, from, this.#used)}`;
      }),
    );
    const id = JSON.stringify(entries);
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const name = this.#names.take(camelCase(`fill_${Object.keys(event.derive ?? {}).join("_")}`));
    this.#known.set(id, name);
    this.#used.add("type Fill");
    this.#declared.push(this.#function(name, entries as string[][]));
    return name;
  }

  // The derived fields first: adding them to a copy, one by one, is many times slower.
  #function(name: string, entries: readonly (readonly string[])[]): Layout {
    const copies = entries.map((fields, i) =>
      bracketed("{", [...fields, i === 0 ? "...input" : `...filled${i}`], "}", line),
    );
    const parameters = entries.flat().some((entry) => /: name$/.test(entry)) ? "input, now, name" : "input, now";
    const head = `const ${name}: Fill = (${parameters}) =>`;
    const last = copies.at(-1) as Layout;
    if (copies.length === 1) return [head, group([" (", last, ")"]), ";"];
    const statements = copies.slice(0, -1).map((copy, i): Layout => [`const filled${i + 1} = `, copy, ";"]);
    return block(`${head} {`, [...statements, ["return ", last, ";"]], "};");
  }
}

// The derived fields in as few steps as there are fields that read other derived ones.
function stepsOf(event: DefinedEvent): string[][] {
  const steps: string[][] = [];
  const done = new Map<string, number>();
  for (const [field, derivation] of Object.entries(event.derive ?? {})) {
    const step = Math.max(0, ...sourcesOf(derivation).map((source) => (done.get(source) ?? -1) + 1));
    done.set(field, step);
    steps[step] = [...(steps[step] ?? []), field];
  }
  return steps;
}
