import { sourcesOf } from "../contract/derive.js";
import { type DefinedEvent, shapeKey } from "../contract/event.js";
import { derivedValue } from "./derivation-rules.js";
import { block, bracketed, group, indent, join, type Layout, line, softline } from "./layout.js";
import { camelCase, key, NameBook, property } from "./names.js";
import { runtimeNames } from "./runtime-names.js";

/** Writes what fills in derived fields: one function for all events that derive the same. */
export class FillWriter {
  readonly #names = new NameBook(runtimeNames);
  readonly #known = new Map<string, string>();
  readonly #declared: Layout[] = [];
  #usesTime = false;

  /** Every function, in order. */
  get declared(): readonly Layout[] {
    return this.#declared;
  }

  /** Whether a function asks for the time. */
  get usesTime(): boolean {
    return this.#usesTime;
  }

  /** The name of the function that fills an event; `undefined` for one that derives nothing. */
  of(event: DefinedEvent): string | undefined {
    const rules = Object.entries(event.derive ?? {});
    if (rules.length === 0) return undefined;
    const statements = rules.map(([field, derivation]) => {
      const tests = [field, ...sourcesOf(derivation)].map(
        (name, i) => `${property("filled", name)} ${i === 0 ? "===" : "!=="} undefined`,
      );
      this.#usesTime ||= derivation.kind === "now";
      return {
        tests,
        assignment: `${property("filled", field)} = ${derivedValue(derivation, "filled", event[shapeKey])};`,
      };
    });
    const id = JSON.stringify(statements);
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const name = this.#names.take(camelCase(`fill_${rules.map(([field]) => field).join("_")}`));
    this.#known.set(id, name);
    const parameters = rules.some(([, derivation]) => derivation.kind === "event_name")
      ? "input, now, name"
      : "input, now";
    // The derived fields first: adding them to a copy, one by one, is many times slower.
    const fields = [...rules.map(([field]) => `${key(field)}: undefined`), "...input"];
    this.#declared.push(
      block(
        `export const ${name}: Fill = (${parameters}) => {`,
        [["const filled = ", bracketed("{", fields, "}", line), ";"], ...statements.map(guarded), "return filled;"],
        "};",
      ),
    );
    return name;
  }
}

function guarded({ tests, assignment }: { readonly tests: readonly string[]; readonly assignment: string }): Layout {
  const condition = group(["if (", indent([softline, join([" &&", line], tests)]), softline, ")"]);
  return group([condition, indent([line, assignment])]);
}
