import { type Derivation, type Derivations, derivationOf } from "../../contract/derive.js";
import type { FieldShape, ObjectShape } from "../../contract/shape.js";
import { derivationWords } from "../shape-words.js";
import { annotation, optional, takesNull } from "./annotation.js";
import { pyDocstring, pyList, pyLiteral, pyString } from "./literal.js";
import { fieldNames, isClassAttribute, memberName } from "./names.js";
import type { Plan, PlannedEnum, PlannedObject, PlannedUnion } from "./plan.js";

/** Writes an enum, and the values it may have as a type of their own. */
export function enumClass({ className, shape }: PlannedEnum): string {
  const used = new Set<string>();
  const members = shape.values.map((value) => {
    let name = memberName(value);
    while (used.has(name)) name += "_";
    used.add(name);
    return `    ${name} = ${pyString(value)}`;
  });
  const about = shape.description ?? `The values of ${className}`;
  const open = shape.open ? " A reader also meets values that a newer writer added." : "";
  return [
    `class ${className}(str, Enum):`,
    pyDocstring(`${sentence(about)}${open}`, "    "),
    "",
    ...members,
    "",
    "",
    pyList("", `${className}Value = Literal[`, shape.values.map(pyLiteral), "]"),
  ].join("\n");
}

/** Writes the pydantic model of an object; a whole payload knows which one it is. */
export function modelClass({ className, shape, owner }: PlannedObject, plan: Plan): string {
  const derive = owner?.derive ?? {};
  const base = owner ? "_Payload" : "_Model";
  const names = fieldNames(
    shape.fields.map(({ name }) => name),
    (name) => plan.isClass(name),
  );
  const fields = ordered(shape, derive).map((field) => {
    const derivation = derivationOf(derive, field.name);
    return modelField(field, names.get(field.name) as string, plan, derivation, owner?.name ?? "");
  });
  const body = [
    pyDocstring(owner ? saidOf(owner) : sentence(shape.description ?? `Part of a payload: ${className}`), "    "),
    ...(owner
      ? ["", `    payload_of: ClassVar[tuple[str, str]] = (${pyString(owner.kind)}, ${pyString(owner.name)})`]
      : ["", `    _check: ClassVar[_Check] = ${plan.checkOf(shape)}`]),
    ...(fields.length === 0 ? [] : ["", ...fields]),
  ];
  return [`class ${className}(${base}${shape.open ? ', extra="allow"' : ""}):`, ...body].join("\n");
}

// What may be left out comes last, as arguments with defaults do.
function ordered(shape: ObjectShape, derive: Derivations): FieldShape[] {
  const later = (field: FieldShape) => field.optional || derivationOf(derive, field.name) !== undefined;
  return [...shape.fields.filter((field) => !later(field)), ...shape.fields.filter(later)];
}

function modelField(
  field: FieldShape,
  name: string,
  plan: Plan,
  derivation: Derivation | undefined,
  eventName: string,
): string {
  const type = annotation(field.shape, plan, "model");
  const about = [
    ...(field.shape.description === undefined ? [] : [field.shape.description]),
    ...(derivation ? [`derived: ${derivationWords(derivation, eventName)}`] : []),
  ].join("; ");
  const extras = [
    ...(name === field.name ? [] : [`alias=${pyString(field.name)}`]),
    ...(about === "" ? [] : [`description=${pyString(about)}`]),
  ];
  const isConstant = derivation?.kind === "event_name" && field.shape.kind === "literal" && name === field.name;
  if (isConstant) return `    ${name}: ${field.optional ? optional(type) : type} = ${pyString(eventName)}`;
  if (derivation && !field.optional) return pyList("    ", `${name}: ${type} = _derived(`, extras, ")");
  if (field.optional) {
    const said = optional(type);
    return extras.length === 0
      ? `    ${name}: ${said} = None`
      : pyList("    ", `${name}: ${said} = Field(`, ["None", ...extras], ")");
  }
  // Without a default of its own, pydantic 1 would take a field that may be null for an optional one.
  if (extras.length === 0 && !takesNull(field.shape)) return `    ${name}: ${type}`;
  return pyList("    ", `${name}: ${type} = Field(`, ["...", ...extras], ")");
}

/** Writes the TypedDict of an object, as a writer sends it. */
export function dictClass({ className, shape, owner }: PlannedObject, plan: Plan): string {
  const name = `${className}Payload`;
  const entries = shape.fields.map((field) => {
    const type = annotation(field.shape, plan, "dict");
    return [field.name, field.optional ? `NotRequired[${type}]` : type] as const;
  });
  if (!entries.every(([key]) => isClassAttribute(key))) {
    const body = entries.map(([key, type]) => `    ${pyString(key)}: ${type},`);
    return [`${name} = TypedDict(${pyString(name)}, {`, ...body, "})"].join("\n");
  }
  const fields = entries.map(([key, type]) => `    ${key}: ${type}`);
  return [
    `class ${name}(TypedDict):`,
    pyDocstring(owner ? saidOf(owner) : sentence(shape.description ?? `Part of a payload: ${className}`), "    "),
    ...(fields.length === 0 ? [] : ["", ...fields]),
  ].join("\n");
}

/** Writes a union of models. */
export function modelUnion({ className, members }: PlannedUnion): string {
  return pyList("", `${className} = Union[`, members, "]");
}

/** Writes the union of their TypedDicts. */
export function dictUnion({ className, members }: PlannedUnion): string {
  return pyList(
    "",
    `${className}Payload = Union[`,
    members.map((member) => `${member}Payload`),
    "]",
  );
}

/** Ends a text as a sentence. */
function sentence(text: string): string {
  return /[.!?。]$/.test(text) ? text : `${text}.`;
}

/** What a docstring says of an event or a command. */
export function saidOf({ summary, deprecated }: { readonly summary: string; readonly deprecated?: string }): string {
  return sentence(deprecated === undefined ? summary : `${sentence(summary)} Deprecated: ${deprecated}`);
}
