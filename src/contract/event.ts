import { checkKeys, checkLogFields, checkText } from "./check-declaration.js";
import { checkDerivations } from "./derivation-rules.js";
import { type Derivations, explainDerivations, fill } from "./derive.js";
import { ContractError } from "./errors.js";
import { checkExamples, type Examples } from "./examples.js";
import { explain } from "./explain.js";
import { appNameProblem, wireNameProblem } from "./names.js";
import type { ObjectSchema } from "./schema.js";
import { objectsOf, type PayloadShape } from "./shape.js";
import { toPayloadShape } from "./to-shape.js";

/** How soon an event must go: `critical` at once, `normal` with its tick, `low` in batches (100 ms or 100 events). */
export type Lane = "critical" | "normal" | "low";

/** What an event that waits may be replaced by: the latest of its kind (by the value of `key`), or a shallow merge of one field. */
export type Coalesce = { readonly latest: true; readonly key?: string } | { readonly merge: string };

/** What an event declares. */
export interface EventDefinition {
  /** The name on the wire, snake_case. */
  readonly name: string;
  /** The name that a client's code listens to. */
  readonly appName: string;
  /** The kind of room it goes to, or `socket` for the one connection that asked. */
  readonly audience: string;
  /** One JSON object, or a union of objects told apart by a field. */
  readonly payload: ObjectSchema;
  /** Fields that follow from others: a writer may leave them out. */
  readonly derive?: Derivations;
  /** How soon it must go. */
  readonly lane: Lane;
  /** Whether it is numbered, logged and recovered after a lost connection. */
  readonly recover: boolean;
  /** What it may be replaced by while it waits: at most 50 ms, a low one until its batch leaves; not for critical ones. */
  readonly coalesce?: Coalesce;
  /** `SPEventEmitter.emitSpUpdate`: the generated class and method; left out for none. */
  readonly emitter?: string;
  /** The payload's fields that a log may show: ids and types, never texts. */
  readonly logFields?: readonly string[];
  /** One sentence, for documents and docstrings. */
  readonly summary: string;
  /** The contract's version that brought it. */
  readonly since: string;
  /** What to use instead. */
  readonly deprecated?: string;
  /** Payloads that are right, and some that are wrong. */
  readonly examples: Examples;
}

const eventKeys: readonly (keyof EventDefinition)[] = [
  "name",
  "appName",
  "audience",
  "payload",
  "derive",
  "lane",
  "recover",
  "coalesce",
  "emitter",
  "logFields",
  "summary",
  "since",
  "deprecated",
  "examples",
];

/** Events carry their shape under this key, so that it is read from zod once. */
export const shapeKey: unique symbol = Symbol.for("@gestaloka/events.shape");

/** An event whose definition was checked. */
export type DefinedEvent<TEvent extends EventDefinition = EventDefinition> = TEvent & {
  readonly [shapeKey]: PayloadShape;
};

/**
 * Declares an event from server to client and checks the declaration.
 *
 * @throws {ContractError} `event_invalid`, `schema_unsupported` or `example_invalid`; the message says what to write.
 *
 * @example
 * ```ts
 * import { defineEvent } from "@gestaloka/events";
 * import * as z from "zod/v4";
 *
 * export const crateCame = defineEvent({
 *   name: "crate_came",
 *   appName: "crate:came",
 *   audience: "quay",
 *   payload: z.object({ weight: z.number().describe("kg") }),
 *   lane: "normal",
 *   recover: true,
 *   summary: "A crate came ashore.",
 *   since: "1.0.0",
 *   examples: { valid: [{ weight: 40 }], invalid: [{ path: "weight", payload: {} }] },
 * });
 * ```
 */
export function defineEvent<const TEvent extends EventDefinition>(event: TEvent): DefinedEvent<TEvent> {
  const refuse = (sentence: string) => new ContractError("event_invalid", sentence, { event: event?.name });
  checkKeys(event, eventKeys, refuse);
  const problem = wireNameProblem(event.name, "event") ?? appNameProblem(event.appName);
  if (problem) throw refuse(problem);
  const shape = toPayloadShape(event.payload, event.name);

  if (!["critical", "normal", "low"].includes(event.lane)) throw refuse("lane: write critical, normal or low");
  if (typeof event.recover !== "boolean") throw refuse("recover: write true or false");
  if (event.lane === "low" && event.recover)
    throw refuse("lane low: such events may be dropped; write recover: false or lane normal");
  if (event.audience === "socket" && (event.recover || event.coalesce))
    throw refuse("audience socket: write recover: false and no coalesce, or name a room kind");
  if (event.coalesce) checkCoalesce(event.coalesce, event.lane, shape, refuse);
  checkLogFields(event.logFields, shape, refuse);
  if (event.emitter !== undefined && !/^[A-Z]\w*\.[a-z]\w*$/.test(event.emitter))
    throw refuse('emitter: write "Class.method"');
  if (event.emitter !== undefined && event.audience === "socket")
    throw refuse("emitter: an event to one socket has none");
  checkDerivations(event.derive ?? {}, event.name, shape, refuse);
  checkText(event, refuse);

  checkExamples(event.name, event.examples, (payload, as) => {
    const filled =
      as === "writer" && typeof payload === "object" && payload !== null && !Array.isArray(payload)
        ? fill(event.derive ?? {}, event.name, payload, 0)
        : payload;
    return (
      explain(shape, filled, as) ??
      (as === "writer"
        ? explainDerivations(event.derive ?? {}, event.name, filled as Record<string, unknown>)
        : undefined)
    );
  });
  return Object.assign({}, event, { [shapeKey]: shape }) as DefinedEvent<TEvent>;
}

function checkCoalesce(
  coalesce: Coalesce,
  lane: Lane,
  shape: PayloadShape,
  refuse: (sentence: string) => ContractError,
): void {
  const kindsOf = (name: string) =>
    objectsOf(shape).flatMap(({ fields }) =>
      fields.filter((field) => field.name === name).map((field) => field.shape.kind),
    );
  checkKeys(coalesce, ["latest", "key", "merge"], (sentence) => refuse(`coalesce: ${sentence}`));
  if (lane === "critical") throw refuse("coalesce: a critical event does not wait; write lane normal or low");
  // Merged by no key, though types let both be written.
  if ("merge" in coalesce ? Object.keys(coalesce).length > 1 : coalesce.latest !== true)
    throw refuse('coalesce: write { latest: true }, { latest: true, key: "…" } or { merge: "…" }');
  if ("merge" in coalesce) {
    const [kind] = shape.kind === "object" ? kindsOf(coalesce.merge) : [];
    if (kind !== "object" && kind !== "record")
      throw refuse(`coalesce.merge: ${coalesce.merge} is no object field of the payload`);
    return;
  }
  if (coalesce.key === undefined) return;
  const kinds = kindsOf(coalesce.key);
  if (kinds.length === 0) throw refuse(`coalesce.key: ${coalesce.key} is no field of the payload`);
  if (!kinds.every((kind) => kind === "string" || kind === "enum" || kind === "number" || kind === "literal"))
    throw refuse(`coalesce.key: ${coalesce.key} must be a text or a number`);
}
