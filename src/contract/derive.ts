import type { Issue } from "./errors.js";
import { issue } from "./plain-json.js";

/**
 * How a field follows from others, as data: checkers, the compiler, exports and Python read the same.
 *
 * A writer may leave a derived field out. A given one must agree, except with `now` and `template`, whose given value
 * need only be valid.
 */
export type Derivation =
  | { readonly kind: "event_name" }
  | { readonly kind: "now" }
  | { readonly kind: "copy"; readonly field: string }
  | { readonly kind: "sum"; readonly fields: readonly string[] }
  | { readonly kind: "difference"; readonly minuend: string; readonly subtrahend: string }
  | { readonly kind: "template"; readonly text: string };

/** The derivations of an event, in the order in which they are filled. */
export type Derivations = Readonly<Record<string, Derivation>>;

/** How a field is derived; `undefined` for one that is not, though every object has something of its name. */
export function derivationOf(derivations: Derivations, field: string): Derivation | undefined {
  return Object.hasOwn(derivations, field) ? derivations[field] : undefined;
}

/** The closed set of derivations. */
export const derive = {
  /** The event's wire name. */
  eventName: (): Derivation => ({ kind: "event_name" }),
  /** The moment of the emit, as an ISO 8601 UTC timestamp with ms. */
  now: (): Derivation => ({ kind: "now" }),
  /** The same value as another field. */
  copy: (field: string): Derivation => ({ kind: "copy", field }),
  /** The sum of integer fields. */
  sum: (...fields: string[]): Derivation => ({ kind: "sum", fields }),
  /** `minuend − subtrahend`, two integer fields. */
  difference: (minuend: string, subtrahend: string): Derivation => ({ kind: "difference", minuend, subtrahend }),
  /** A standard text; `{field}` stands for a field's value, which may itself be derived before it. */
  template: (text: string): Derivation => ({ kind: "template", text }),
};

/** The fields that a derivation reads. */
export function sourcesOf(derivation: Derivation): readonly string[] {
  switch (derivation.kind) {
    case "copy":
      return [derivation.field];
    case "sum":
      return derivation.fields;
    case "difference":
      return [derivation.minuend, derivation.subtrahend];
    case "template":
      return [...derivation.text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] as string);
    default:
      return [];
  }
}

/** Returns a new object with the derived fields that `input` leaves out; `now` is Unix ms. Never touches `input`. */
export function fill(derivations: Derivations, eventName: string, input: object, now: number): Record<string, unknown> {
  const filled: Record<string, unknown> = { ...input };
  for (const [field, derivation] of Object.entries(derivations)) {
    if (filled[field] !== undefined) continue;
    const value = derived(derivation, eventName, filled, now);
    if (value !== undefined) filled[field] = value;
  }
  return filled;
}

function derived(derivation: Derivation, eventName: string, payload: Record<string, unknown>, now: number): unknown {
  const sources = sourcesOf(derivation).map((field) => payload[field]);
  // Left out when a source is missing: the check then names the source, which is what the caller forgot.
  if (sources.some((value) => value === undefined)) return undefined;
  switch (derivation.kind) {
    case "event_name":
      return eventName;
    case "now":
      return new Date(now).toISOString();
    case "copy":
      return sources[0];
    case "sum":
      return (sources as number[]).reduce((sum, value) => sum + value, 0);
    case "difference":
      return (sources[0] as number) - (sources[1] as number);
    case "template":
      return derivation.text.replace(/\{(\w+)\}/g, (_, field: string) => String(payload[field]));
  }
}

/** Finds the first derived field of a valid payload that does not agree with its sources. */
export function explainDerivations(
  derivations: Derivations,
  eventName: string,
  payload: Record<string, unknown>,
): Issue | undefined {
  for (const [field, derivation] of Object.entries(derivations)) {
    if (derivation.kind === "now" || derivation.kind === "template") continue;
    const given = payload[field];
    if (given === undefined) continue;
    const agreed = derived(derivation, eventName, payload, 0);
    if (agreed !== undefined && given !== agreed)
      return issue([field], derivationExpectation(derivation, eventName), given);
  }
  return undefined;
}

/** Says in a few words what a derived field must be. */
export function derivationExpectation(derivation: Derivation, eventName: string): string {
  switch (derivation.kind) {
    case "event_name":
      return JSON.stringify(eventName);
    case "copy":
      return `the same as ${derivation.field}`;
    case "sum":
      return `the sum of ${derivation.fields.join(", ")}`;
    case "difference":
      return `${derivation.minuend} - ${derivation.subtrahend}`;
    default:
      return "a valid value";
  }
}
