const keywords = new Set(
  "False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield self cls".split(
    " ",
  ),
);

// What a field of a pydantic model would hide, in either major version, and the methods of our own models.
const modelAttributes = new Set(
  "construct copy dict from_orm json parse_file parse_obj parse_raw schema schema_json update_forward_refs validate fields mro register Config model_config model_fields model_computed_fields model_construct model_copy model_dump model_dump_json model_extra model_fields_set model_json_schema model_parametrized_name model_post_init model_rebuild model_validate model_validate_json model_validate_strings read to_payload payload_of fill_and_check".split(
    " ",
  ),
);

// What annotations name: a field or a method called like one would be meant by those below it.
const namedInClasses = new Set("bool dict float int list overload pydantic str tuple".split(" "));

// What the generated module defines, imports, or takes from Python.
const moduleNames = new Set(
  "Any BaseModel Callable ClassVar ContextVar Coroutine Decimal Direction EmitResult Enum Exception Field Issue Literal Mapping NotImplementedError NotRequired Optional OverflowError ParamSpec PayloadError Protocol Role Room Self Sender Sequence TypeError TypedDict Union ValueError CONTRACT_NAME CONTRACT_VERSION CONTRACT_FINGERPRINT".split(
    " ",
  ),
);

/** `sp_update`, `spUpdate` and `sp-update` as `SpUpdate`. */
export function pascalCase(text: string): string {
  const joined = text
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== "")
    .map((word) => (word[0] as string).toUpperCase() + word.slice(1))
    .join("");
  return /^[A-Za-z]/.test(joined) ? joined : `X${joined}`;
}

/** `emitSpUpdate` as `emit_sp_update`. */
export function snakeCase(text: string): string {
  return text
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .toLowerCase();
}

/** A wire value as the name of an enum's member: `daily_recovery` as `DAILY_RECOVERY`. */
export function memberName(value: string): string {
  const name = snakeCase(value).toUpperCase();
  return /^[A-Z]/.test(name) ? name : `VALUE_${name}`;
}

/** Says whether a wire name can stand as an argument as it is. Python reads a name in its composed form (NFKC). */
function isPythonName(text: string): boolean {
  return /^(?!_)\p{XIDS}\p{XIDC}*$/u.test(text) && text.normalize("NFKC") === text && !keywords.has(text);
}

/** Says whether a wire name can stand in the body of a class as it is. */
export function isClassAttribute(text: string): boolean {
  return isPythonName(text) && !namedInClasses.has(text);
}

/** A wire name as an argument. */
export function argumentName(wire: string): string {
  if (isPythonName(wire)) return wire;
  const word = wire.replace(/[^A-Za-z0-9_]+/g, "_").replace(/^_+/, "");
  return keywords.has(word) ? `${word}_` : /^[A-Za-z]/.test(word) ? word : `x_${word}`;
}

/** The methods of a Python class that stand for those of an emitter, no two alike. */
export function methodNames(methods: readonly string[]): ReadonlyMap<string, string> {
  return distinct(methods, (method) => {
    const name = snakeCase(method);
    return isClassAttribute(name) ? name : `${name}_`;
  });
}

/** The functions that make the names of rooms, no two alike. */
export function roomFunctions(kinds: readonly string[]): ReadonlyMap<string, string> {
  return distinct(kinds, (kind) => `${snakeCase(kind)}_room`, ["parse_room"]);
}

/** The arguments that stand for wire names, no two alike. */
export function argumentNames(wires: readonly string[]): ReadonlyMap<string, string> {
  return distinct(wires, argumentName);
}

/** The fields of a pydantic model that stand for wire names, no two alike; another one than the wire's gets an alias. */
export function fieldNames(wires: readonly string[], isClass: (name: string) => boolean): ReadonlyMap<string, string> {
  return distinct(wires, (wire) => {
    const name = argumentName(wire);
    return modelAttributes.has(name) || namedInClasses.has(name) || isClass(name) ? `${name}_` : name;
  });
}

// What can stand as it is on the wire does; the others make way.
function distinct(
  wires: readonly string[],
  nameOf: (wire: string) => string,
  reserved: readonly string[] = [],
): ReadonlyMap<string, string> {
  const taken = new Set([...reserved, ...wires.filter((wire) => nameOf(wire) === wire)]);
  return new Map(
    [...new Set(wires)].map((wire) => {
      let name = nameOf(wire);
      while (name !== wire && taken.has(name)) name += "_";
      taken.add(name);
      return [wire, name];
    }),
  );
}

/** Hands out names of classes, each once, with those of the TypedDict or the values that stand beside it. */
export class ClassNames {
  readonly #taken = new Set(moduleNames);

  isFree(name: string): boolean {
    return !keywords.has(name) && withCompanions(name).every((each) => !this.#taken.has(each));
  }

  /** The first free of the candidates, or the last one with a number. */
  take(...candidates: readonly string[]): string {
    const last = candidates.at(-1) as string;
    let name = candidates.find((candidate) => this.isFree(candidate));
    for (let i = 2; name === undefined; i++) if (this.isFree(`${last}${i}`)) name = `${last}${i}`;
    for (const each of withCompanions(name)) this.#taken.add(each);
    return name;
  }
}

function withCompanions(name: string): readonly string[] {
  return [name, `${name}Payload`, `${name}Value`];
}
