import type { SourceContract } from "../../src/contract/define-contract.js";
import type { Derivations } from "../../src/contract/derive.js";
import type { Issue } from "../../src/contract/errors.js";
import type { Role } from "../../src/contract/expectation.js";
import { explain } from "../../src/contract/explain.js";
import type { PayloadShape } from "../../src/contract/shape.js";
import { type ContractSnapshot, toSnapshot } from "../../src/export/snapshot.js";
import { Random } from "./random.js";
import { randomPayloadShape } from "./shapes.js";

/** A payload of a contract, with the reference's verdict on it. */
export interface Judged {
  readonly contract: number;
  readonly kind: "event" | "command" | "ack";
  readonly name: string;
  readonly derive: Derivations;
  readonly shape: PayloadShape;
  explain(value: unknown, role: Role): Issue | undefined;
  /** The schema that the contract was said with, asked by itself; a snapshot has none. */
  readonly zod?: ZodSchema;
}

/** As much of a zod schema as a verdict needs. */
export interface ZodSchema {
  safeParse(value: unknown): {
    readonly success: boolean;
    readonly error?: { readonly issues: readonly { readonly code: string }[] };
  };
}

/** The payloads of a contract; the reference is the checker that checkEvent and its like use. */
export function judgedOf(contract: SourceContract, number: number): Judged[] {
  const { events, commands } = toSnapshot(contract);
  const { definition } = contract;
  const zodOf = (schema: unknown) => (schema === undefined ? {} : { zod: schema as ZodSchema });
  return [
    ...events.map((event): Judged => {
      const checker = contract.events.get(event.name)?.payload as { explain: Judged["explain"] };
      return {
        contract: number,
        kind: "event",
        name: event.name,
        derive: event.derive,
        shape: event.payload,
        explain: (value, role) => checker.explain(value, role),
        ...zodOf(definition.events.find(({ name }) => name === event.name)?.payload),
      };
    }),
    ...commands.flatMap((command): Judged[] => {
      const entry = contract.commands.get(command.name) as {
        payload: { explain: Judged["explain"] };
        ack: { explain: Judged["explain"] };
      };
      const of = (kind: "command" | "ack", shape: PayloadShape, checker: { explain: Judged["explain"] }): Judged => ({
        contract: number,
        kind,
        name: command.name,
        derive: {},
        shape,
        explain: (value, role) => checker.explain(value, role),
        ...zodOf(definition.commands.find(({ name }) => name === command.name)?.[kind === "ack" ? "ack" : "payload"]),
      });
      return [of("command", command.payload, entry.payload), of("ack", command.ack, entry.ack)];
    }),
  ];
}

/** A contract of random payloads, for the kinds of shapes that no real contract here uses. */
export function randomContract(seed: number, events: number): ContractSnapshot {
  const random = new Random(seed);
  return {
    format: "gestaloka-events/contract",
    revision: 1,
    name: "random",
    version: "1.0.0",
    fingerprint: "0".repeat(16),
    events: Array.from({ length: events }, (_, i) => ({
      name: `event_${i}`,
      appName: `event:${i}`,
      audience: "socket",
      lane: "normal",
      recover: false,
      logFields: [],
      summary: "Something random.",
      since: "1.0.0",
      derive: {},
      payload: randomPayloadShape(random),
    })),
    commands: [],
    rooms: [],
    roles: {},
  };
}

/** The payloads of a contract that is a snapshot only; the reference is the walk over the shape. */
export function judgedOfSnapshot(snapshot: ContractSnapshot, number: number): Judged[] {
  return snapshot.events.map(
    (event): Judged => ({
      contract: number,
      kind: "event",
      name: event.name,
      derive: event.derive,
      shape: event.payload,
      explain: (value, role) => explain(event.payload, value, role),
    }),
  );
}
