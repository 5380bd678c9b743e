import type * as fc from "fast-check";
import { ackShapeKey } from "../contract/command.js";
import type { At, ContractTypes } from "../contract/contract-types.js";
import { definitionOf, type SourceContract, shapeOf } from "../contract/define-contract.js";
import { fill } from "../contract/derive.js";
import { ContractError } from "../contract/errors.js";
import type { DefinedEvent } from "../contract/event.js";
import { explain } from "../contract/explain.js";
import type { ObjectShape, PayloadShape } from "../contract/shape.js";
import { shapeArbitrary } from "./shape-arbitrary.js";

/**
 * Payloads of an event as a writer sends them, derived fields filled: what `emit` takes, and what handlers get.
 *
 * The contract is the one that `defineContract` returned, since a compiled one has no schemas to generate from.
 *
 * @throws {ContractError} `unknown_event`
 */
export function eventPayloads<TTypes extends ContractTypes, TName extends keyof TTypes["events"] & string>(
  contract: SourceContract<TTypes>,
  name: TName,
): fc.Arbitrary<At<TTypes["events"], TName> & At<TTypes["inputs"], TName>> {
  const event = definitionOf(contract).events.find((candidate) => candidate.name === name);
  if (!event) throw new ContractError("unknown_event", `the contract ${contract.name} has no event ${name}`);
  return filled(event) as fc.Arbitrary<never>;
}

/** Payloads of a command as a client sends them. @throws {ContractError} `unknown_command` */
export function commandPayloads<TTypes extends ContractTypes, TName extends keyof TTypes["commands"] & string>(
  contract: SourceContract<TTypes>,
  name: TName,
): fc.Arbitrary<At<TTypes["commands"], TName> & At<TTypes["commandInputs"], TName>> {
  return shapeArbitrary(shapeOf(commandOf(contract, name))) as fc.Arbitrary<never>;
}

/** Data of a command's positive acknowledgement, as a handler returns it. @throws {ContractError} `unknown_command` */
export function ackPayloads<TTypes extends ContractTypes, TName extends keyof TTypes["acks"] & string>(
  contract: SourceContract<TTypes>,
  name: TName,
): fc.Arbitrary<At<TTypes["acks"], TName> & At<TTypes["ackInputs"], TName>> {
  return shapeArbitrary(commandOf(contract, name)[ackShapeKey]) as fc.Arbitrary<never>;
}

function commandOf(contract: SourceContract, name: string) {
  const command = definitionOf(contract).commands.find((candidate) => candidate.name === name);
  if (!command) throw new ContractError("unknown_command", `the contract ${contract.name} has no command ${name}`);
  return command;
}

function filled(event: DefinedEvent): fc.Arbitrary<unknown> {
  const { name, derive = {} } = event;
  const shape = shapeOf(event);
  // Of `now` and `template` any valid value agrees, so they are generated as well.
  const derived = new Map(Object.entries(derive).filter(([, { kind }]) => kind !== "now" && kind !== "template"));
  const given = shapeArbitrary(without(shape, derived)) as fc.Arbitrary<object>;
  const payloads = given.map((input) => fill(derive, name, input, Date.now()));
  const isComputed = [...derived.values()].some(({ kind }) => kind !== "event_name");
  // A sum may fall out of the bounds of the field that it is for.
  return isComputed ? payloads.filter((payload) => explain(shape, payload, "writer") === undefined) : payloads;
}

function without(shape: PayloadShape, names: ReadonlyMap<string, unknown>): PayloadShape {
  const cut = (object: ObjectShape) => ({ ...object, fields: object.fields.filter(({ name }) => !names.has(name)) });
  return shape.kind === "object" ? cut(shape) : { ...shape, options: shape.options.map(cut) };
}
