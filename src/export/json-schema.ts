import type { SourceContract } from "../contract/define-contract.js";
import type { Derivations } from "../contract/derive.js";
import { ContractError } from "../contract/errors.js";
import type { Role } from "../contract/expectation.js";
import type { PayloadShape } from "../contract/shape.js";
import { type NotExpressed, unexpressedDerivation } from "./not-expressed.js";
import { type ContractPayload, payloadsOf, type SchemaSubject } from "./payloads.js";
import { type JsonSchema, type SchemaPlace, shapeSchema, sharedDefinition } from "./shape-schema.js";
import { toSnapshot } from "./snapshot.js";

const DIALECT = "https://json-schema.org/draft/2020-12/schema";

/**
 * All payloads of a contract as one JSON Schema 2020-12 document.
 *
 * `$defs` holds `event.NAME.writer`, `event.NAME.reader`, `command.…` and `ack.…`, which are anchors too. A writer's
 * form is of the filled payload and closed; a reader's form passes unknown keys and unknown members of open enums.
 * What JSON Schema cannot say stands in each form under `x-not-expressed`.
 */
export function toJsonSchema(contract: SourceContract): JsonSchema {
  const snapshot = toSnapshot(contract);
  const definitions = new Definitions();
  const forms = payloadsOf(snapshot).flatMap((subject) =>
    (["writer", "reader"] as const).map((role) => {
      const key = `${subject.kind}.${subject.name}.${role}`;
      return [key, { $anchor: key, ...payloadForm(subject, definitions.place(role)) }] as const;
    }),
  );
  return {
    $schema: DIALECT,
    $id: `urn:gestaloka-events:${snapshot.name}:${snapshot.version}`,
    title: `${snapshot.name} ${snapshot.version}`,
    $comment: "A writer's payload matches its writer form exactly; a reader judges by the reader form.",
    "x-contract": { name: snapshot.name, version: snapshot.version, fingerprint: snapshot.fingerprint },
    "x-not-expressed": forms.flatMap(([key, form]) =>
      ((form as { "x-not-expressed"?: NotExpressed[] })["x-not-expressed"] ?? []).map((note) => ({
        form: key,
        ...note,
      })),
    ),
    $defs: { ...Object.fromEntries(forms), ...definitions.taken() },
  };
}

/**
 * One form as a document that stands alone.
 *
 * @throws {ContractError} `unknown_event` or `unknown_command`
 */
export function toPayloadSchema(
  contract: SourceContract,
  { kind, name, role }: { readonly kind: SchemaSubject; readonly name: string; readonly role: Role },
): JsonSchema {
  const snapshot = toSnapshot(contract);
  const subject = payloadsOf(snapshot).find((candidate) => candidate.kind === kind && candidate.name === name);
  if (!subject) {
    const code = kind === "event" ? "unknown_event" : "unknown_command";
    throw new ContractError(code, `the contract ${snapshot.name} has no such ${kind}`, { event: name });
  }
  const definitions = new Definitions();
  const form = payloadForm(subject, definitions.place(role));
  return { $schema: DIALECT, title: `${name} (${kind}, ${role})`, ...form, $defs: definitions.taken() };
}

/** The schema of a payload in one role; `event_name` is written as a constant for writers. */
export function payloadForm(
  { name, summary, deprecated, derive, shape }: Omit<ContractPayload, "kind">,
  place: SchemaPlace,
): JsonSchema {
  const notes: NotExpressed[] = [];
  const schema = shapeSchema(place.role === "writer" ? withEventName(shape, derive, name) : shape, {
    ...place,
    leaveOut: (note) => notes.push(note),
  });
  if (place.role === "writer") {
    for (const [field, derivation] of Object.entries(derive)) {
      const rule = unexpressedDerivation(derivation, name);
      if (rule !== undefined) notes.push({ path: field, rule });
    }
  }
  return {
    description: summary,
    ...(deprecated === undefined ? {} : { deprecated: true }),
    ...schema,
    ...(notes.length === 0 ? {} : { "x-not-expressed": notes }),
  };
}

function withEventName(shape: PayloadShape, derive: Derivations, eventName: string): PayloadShape {
  if (shape.kind === "choice") {
    return {
      ...shape,
      options: shape.options.map((option) => withEventName(option, derive, eventName) as typeof option),
    };
  }
  return {
    ...shape,
    fields: shape.fields.map((field) =>
      derive[field.name]?.kind === "event_name"
        ? { ...field, shape: { ...described(field.shape), kind: "literal", values: [eventName] } }
        : field,
    ),
  };
}

function described({ description }: { readonly description?: string }): { description?: string } {
  return description === undefined ? {} : { description };
}

/** The shared definitions that the schemas written so far refer to. */
export class Definitions {
  readonly #prefix: string;
  readonly #taken = new Map<string, JsonSchema>();

  constructor(prefix = "#/$defs/") {
    this.#prefix = prefix;
  }

  place(role: Role): SchemaPlace {
    return { role, refer: (name) => this.refer(name), leaveOut: () => {} };
  }

  refer(name: string): JsonSchema {
    if (!this.#taken.has(name)) {
      this.#taken.set(name, {});
      this.#taken.set(
        name,
        sharedDefinition(name, (within) => this.refer(within)),
      );
    }
    return { $ref: this.#prefix + name };
  }

  taken(): Record<string, JsonSchema> {
    return Object.fromEntries(this.#taken);
  }
}
