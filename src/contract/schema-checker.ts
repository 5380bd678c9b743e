import type { PayloadChecker } from "./contract.js";
import { type Derivations, explainDerivations } from "./derive.js";
import type { Issue } from "./errors.js";
import { expectation, type Role } from "./expectation.js";
import { explain } from "./explain.js";
import { optionOf } from "./option-of.js";
import { issue } from "./plain-json.js";
import type { Schema } from "./schema.js";
import { OPEN_ENUM_LENGTH, type Shape } from "./shape.js";
import { codePoints } from "./text.js";

interface SchemaIssue {
  readonly code?: string;
  readonly path: readonly PropertyKey[];
  readonly errors?: readonly (readonly SchemaIssue[])[];
}

interface Validator {
  safeParse(value: unknown): {
    readonly success: boolean;
    readonly error?: { readonly issues: readonly SchemaIssue[] };
  };
}

/**
 * The checker of a contract that was never compiled: the walk over the shape, for what zod does not judge (roles, open
 * enums, plain JSON, depth, derivations), then zod itself, which has the last word.
 */
export function schemaChecker(schema: Schema, shape: Shape, derivations: Derivations = {}, name = ""): PayloadChecker {
  const judge = (value: unknown, role: Role): Issue | undefined => {
    // The walk goes first: it bounds the depth that zod would follow.
    const found = explain(shape, value, role);
    if (found) return found;
    const refused = bySchema(schema, shape, value, role);
    if (refused) return refused;
    return role === "writer" ? explainDerivations(derivations, name, value as Record<string, unknown>) : undefined;
  };
  return { accepts: (value, role) => judge(value, role) === undefined, explain: judge };
}

function bySchema(schema: Schema, shape: Shape, value: unknown, role: Role): Issue | undefined {
  const result = (schema as unknown as Validator).safeParse(value);
  const standing = result.error?.issues.find((found) => !isTolerated(found, shape, value, role));
  if (result.success || !standing) return undefined;
  const path = stepsOf(standing.path);
  const place = at(shape, value, path);
  return issue(path, expectation(place.shape, role), place.value);
}

function stepsOf(path: readonly PropertyKey[]): (string | number)[] {
  return path.map((step) => (typeof step === "number" ? step : String(step)));
}

// Where zod judges otherwise than the walk did: a reader takes what a newer writer may add, unknown keys and unknown members
// of open enums; what every object inherits is no field of it; to some versions a record with a key `constructor` is none;
// and zod counts a text in UTF-16 units up to 4.4, in code points from 4.5 on, so that its version would decide what a
// contract means.
function isTolerated(
  found: SchemaIssue,
  shape: Shape,
  value: unknown,
  role: Role,
  base: readonly (string | number)[] = [],
): boolean {
  if (found.code === "unrecognized_keys") return role === "reader";
  const path = [...base, ...stepsOf(found.path)];
  if (found.errors?.length)
    return found.errors.some((branch) => branch.every((each) => isTolerated(each, shape, value, role, path)));
  const place = at(shape, value, path);
  if (!place.isOwn && place.value !== undefined) return true;
  if (found.code === "invalid_type" && (place.shape.kind === "record" || place.shape.kind === "json")) return true;
  if (typeof place.value !== "string") return false;
  const points = codePoints(place.value);
  if (found.code?.startsWith("too_")) return points < place.value.length;
  return role === "reader" && place.shape.kind === "enum" && place.shape.open && points <= OPEN_ENUM_LENGTH;
}

function at(
  shape: Shape,
  value: unknown,
  path: readonly (string | number)[],
): { readonly shape: Shape; readonly value: unknown; readonly isOwn: boolean } {
  let here = inside(shape, value);
  let held = value;
  let isOwn = true;
  for (const step of path) {
    isOwn = Object.hasOwn(Object(held), step);
    held = (held as Record<string | number, unknown> | undefined)?.[step];
    if (here.kind === "array") here = here.items;
    else if (here.kind === "record") here = here.values;
    else if (here.kind === "object") here = here.fields.find((field) => field.name === step)?.shape ?? { kind: "json" };
    here = inside(here, held);
  }
  return { shape: here, value: held, isOwn };
}

// Steps through nullables, unions and choices to the shape that a value belongs to.
function inside(shape: Shape, value: unknown): Shape {
  if (shape.kind === "nullable") return inside(shape.inner, value);
  if (shape.kind !== "choice" && shape.kind !== "either") return shape;
  const option = optionOf(shape, value);
  return option ? inside(option, value) : shape;
}
