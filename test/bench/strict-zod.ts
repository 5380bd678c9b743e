import * as z from "zod/v4";

interface Def {
  readonly type: string;
  readonly shape?: Record<string, z.ZodType>;
  readonly catchall?: z.ZodType;
  readonly innerType?: z.ZodType;
  readonly element?: z.ZodType;
}

/**
 * A schema as a writer is judged by this library, said in zod: no further key at any level, no `null` for what may be
 * missing, and open objects of plain JSON to depth 32.
 */
export function strictly(schema: z.ZodType): z.ZodType {
  const def = schema._zod.def as unknown as Def;
  switch (def.type) {
    case "object": {
      const fields = Object.entries(def.shape ?? {}).map(([name, field]) => [name, strictly(field)] as const);
      const shape = Object.fromEntries(fields);
      return def.catchall ? z.looseObject(shape).refine((value) => isPlainJson(value, 1)) : z.strictObject(shape);
    }
    case "optional": {
      const inner = (def.innerType as z.ZodType)._zod.def as unknown as Def;
      return z.optional(strictly((inner.type === "nullable" ? inner.innerType : def.innerType) as z.ZodType));
    }
    case "array":
      return z.array(strictly(def.element as z.ZodType));
    default:
      return schema;
  }
}

function isPlainJson(value: unknown, depth: number): boolean {
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || depth > 32) return false;
  if (Array.isArray(value)) return value.every((item) => isPlainJson(item, depth + 1));
  for (const key in value) {
    if (key === "__proto__" || !isPlainJson((value as Record<string, unknown>)[key], depth + 1)) return false;
  }
  return true;
}
