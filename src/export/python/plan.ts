import {
  type ChoiceShape,
  discriminatorsOf,
  type EnumShape,
  type ObjectShape,
  type Shape,
} from "../../contract/shape.js";
import { canonical } from "../fingerprint.js";
import { type ContractPayload, payloadsOf } from "../payloads.js";
import type { ContractSnapshot } from "../snapshot.js";
import { ClassNames, pascalCase } from "./names.js";

/** A class of the module. */
export interface PlannedObject {
  readonly className: string;
  readonly shape: ObjectShape;
  /** Set for a whole payload. */
  readonly owner?: ContractPayload;
}

export interface PlannedEnum {
  readonly className: string;
  readonly shape: EnumShape;
}

/** A name for a union of classes. */
export interface PlannedUnion {
  readonly className: string;
  readonly members: readonly string[];
}

/** The check of an object that is a part of payloads, by name. */
export interface PlannedCheck {
  readonly name: string;
  readonly shape: ObjectShape;
}

/** The classes of a module and their checks, each after those it refers to. */
export class Plan {
  readonly enums: PlannedEnum[] = [];
  readonly classes: (PlannedObject | PlannedUnion)[] = [];
  readonly #names = new ClassNames();
  readonly #byShape = new Map<string, string>();
  readonly #checks = new Map<string, PlannedCheck>();
  readonly #emitters = new Map<string, string>();

  constructor(snapshot: ContractSnapshot) {
    const emitters = new Set(
      snapshot.events.flatMap(({ emitter }) => (emitter ? [emitter.split(".")[0] as string] : [])),
    );
    for (const name of emitters) this.#emitters.set(name, this.#names.take(name, `${name}Emitter`));
    const payloads = payloadsOf(snapshot).map((owner) => {
      const base = pascalCase(owner.name);
      const suffix = { event: "", command: "Command", ack: "Ack" }[owner.kind];
      return { owner, className: this.#names.take(`${base}${suffix}`, `${base}Event`) };
    });
    for (const { owner, className } of payloads) {
      const { shape } = owner;
      if (shape.kind === "choice") this.#planOptions(shape, className, owner);
      else {
        for (const field of shape.fields) this.#plan(field.shape, field.name, className);
        this.classes.push({ className, shape, owner });
      }
    }
  }

  /** The class of a shape that has one. */
  classOf(shape: Shape): string {
    return this.#byShape.get(key(shape)) ?? "Any";
  }

  get checks(): Iterable<PlannedCheck> {
    return this.#checks.values();
  }

  /** The name of the check of an object; `undefined` for one that has no class. */
  checkOf(shape: ObjectShape): string | undefined {
    return this.#checks.get(key(shape))?.name;
  }

  /** The class of an emitter. */
  emitterOf(name: string): string {
    return this.#emitters.get(name) ?? name;
  }

  /** Says whether the module has a use for a name of this form already. */
  isClass(name: string): boolean {
    return !this.#names.isFree(name);
  }

  #planOptions(choice: ChoiceShape, className: string, owner: ContractPayload | undefined): void {
    const members = choice.options.map((option) => {
      const told = `${className}${pascalCase(discriminatorsOf(choice, option)[0] ?? "")}`;
      const member = this.#names.take(...(option.name === undefined ? [] : [pascalCase(option.name)]), told);
      for (const field of option.fields) this.#plan(field.shape, field.name, member);
      if (owner) this.classes.push({ className: member, shape: option, owner });
      else this.#addPart(member, option);
      return member;
    });
    this.classes.push({ className, members });
  }

  #plan(shape: Shape, leaf: string, parent: string): void {
    if (shape.kind === "array") this.#plan(shape.items, singular(leaf), parent);
    else if (shape.kind === "record") this.#plan(shape.values, singular(leaf), parent);
    else if (shape.kind === "nullable") this.#plan(shape.inner, leaf, parent);
    else if (shape.kind === "either") for (const option of shape.options) this.#plan(option, leaf, parent);
    else if (shape.kind === "enum" || shape.kind === "object" || shape.kind === "choice") {
      this.#planClass(shape, leaf, parent);
    }
  }

  #planClass(shape: EnumShape | ObjectShape | ChoiceShape, leaf: string, parent: string): void {
    if (this.#byShape.has(key(shape)) || isFree(shape)) return;
    const leafName = pascalCase(leaf);
    const named = shape.name === undefined ? [] : [pascalCase(shape.name)];
    const className = this.#names.take(...named, leafName, `${parent}${leafName}`);
    this.#byShape.set(key(shape), className);
    if (shape.kind === "enum") this.enums.push({ className, shape });
    else if (shape.kind === "choice") this.#planOptions(shape, className, undefined);
    else {
      for (const field of shape.fields) this.#plan(field.shape, field.name, className);
      this.#addPart(className, shape);
    }
  }

  #addPart(className: string, shape: ObjectShape): void {
    // Options of two unions may be of one shape.
    if (!this.#checks.has(key(shape))) this.#checks.set(key(shape), { name: `_${className}Check`, shape });
    this.classes.push({ className, shape });
  }
}

/** Says whether an object is open and names no field: a plain mapping. */
export function isFree(shape: Shape): boolean {
  return shape.kind === "object" && shape.open && shape.fields.length === 0;
}

// The same shape described in other words is the same class.
function key(shape: Shape): string {
  return canonical({ ...shape, description: undefined });
}

function singular(word: string): string {
  return word.length > 3 && word.endsWith("s") && !/(?:ss|us|is)$/.test(word) ? word.slice(0, -1) : word;
}
