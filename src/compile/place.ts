import { ContractError } from "../contract/errors.js";
import type { Shape } from "../contract/shape.js";
import { itemWord } from "./names.js";

/** Where in a payload a piece of code stands. */
export interface Place {
  /** The payload's name on the wire. */
  readonly event: string;
  /** What to call a function that is needed here. */
  readonly name: string;
  readonly path: string;
}

/** A field's place. */
export function within(place: Place, field: string): Place {
  return {
    event: place.event,
    name: `${place.name}_${field}`,
    path: place.path === "" ? field : `${place.path}.${field}`,
  };
}

/** The place of an item of an array, or of a value of a record. */
export function inside(place: Place): Place {
  const words = place.name.split("_");
  const name = [...words.slice(0, -1), itemWord(words.at(-1) as string)].join("_");
  return { event: place.event, name, path: `${place.path}[]` };
}

/** The refusal of what a checker cannot be written for: none is better than one that checks less. */
export function cannotCompile(shape: Shape, { event, path }: Place): ContractError {
  const kind = String((shape as { kind?: unknown } | undefined)?.kind);
  const where = path === "" ? "payload" : `payload.${path}`;
  return new ContractError("schema_unsupported", `${where}: no checker can be written for the kind ${kind}`, { event });
}
