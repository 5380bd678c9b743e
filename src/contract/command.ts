import { checkKeys, checkLogFields, checkText } from "./check-declaration.js";
import { errorCodes } from "./error-codes.js";
import { ContractError } from "./errors.js";
import { shapeKey } from "./event.js";
import { checkExamples, type Examples } from "./examples.js";
import { explain } from "./explain.js";
import { wireNameProblem } from "./names.js";
import type { ObjectSchema } from "./schema.js";
import type { ObjectShape } from "./shape.js";
import { toPayloadShape } from "./to-shape.js";

/** What becomes of a command while the client is offline. */
export type OfflinePolicy = "queue" | "drop" | "reject";

/** What a command declares. */
export interface CommandDefinition {
  /** The name on the wire, snake_case. */
  readonly name: string;
  /** One JSON object, from client to server. */
  readonly payload: ObjectSchema;
  /** The room kind whose parameter the payload carries; left out for none. */
  readonly room?: string;
  /** The data of a positive acknowledgement: one JSON object, `z.object({})` for none. */
  readonly ack: ObjectSchema;
  /** The codes with which a handler may refuse, beside the library's own. */
  readonly refusals?: readonly string[];
  /** While there is no connection: kept and sent later, or refused with `offline`, which nobody has to catch for `drop`. */
  readonly offline: OfflinePolicy;
  /** `room`: waits until its sender's one before it in the same room was answered; those of others run beside it. */
  readonly serial?: "room";
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

const commandKeys: readonly (keyof CommandDefinition)[] = [
  "name",
  "payload",
  "room",
  "ack",
  "refusals",
  "offline",
  "serial",
  "logFields",
  "summary",
  "since",
  "deprecated",
  "examples",
];

/** Commands carry the shape of their acknowledgement under this key. */
export const ackShapeKey: unique symbol = Symbol.for("@gestaloka/events.ackShape");

/** A command whose definition was checked. */
export type DefinedCommand<TCommand extends CommandDefinition = CommandDefinition> = TCommand & {
  readonly [shapeKey]: ObjectShape;
  readonly [ackShapeKey]: ObjectShape;
};

/**
 * Declares a command from client to server and checks the declaration.
 *
 * @throws {ContractError} `command_invalid`, `schema_unsupported` or `example_invalid`; the message says what to write.
 */
export function defineCommand<const TCommand extends CommandDefinition>(command: TCommand): DefinedCommand<TCommand> {
  const refuse = (sentence: string) => new ContractError("command_invalid", sentence, { event: command?.name });
  checkKeys(command, commandKeys, refuse);
  const problem = wireNameProblem(command.name, "command");
  if (problem) throw refuse(problem);
  const shape = toPayloadShape(command.payload, command.name);
  const ack = toPayloadShape(command.ack, command.name, "ack");
  if (shape.kind !== "object" || ack.kind !== "object")
    throw refuse("a command and its acknowledgement are one z.object({…}) each");
  checkLogFields(command.logFields, shape, refuse);
  if (!["queue", "drop", "reject"].includes(command.offline)) throw refuse("offline: write queue, drop or reject");
  if (command.serial !== undefined && command.serial !== "room") throw refuse("serial: write room, or leave it out");
  if (command.serial !== undefined && command.room === undefined)
    throw refuse("serial: room goes with a command that names its room kind");
  const refusals = command.refusals ?? [];
  if (!Array.isArray(refusals)) throw refuse("refusals: write a list");
  for (const code of refusals) {
    if (!/^[a-z][a-z0-9_]*$/.test(code)) throw refuse(`refusals: write ${code} in snake_case`);
    // Handlers throw those as they are.
    if ((errorCodes as readonly string[]).includes(code))
      throw refuse(`refusals: leave out ${code}, the library's own`);
  }
  checkText(command, refuse);
  checkExamples(command.name, command.examples, (payload, as) => explain(shape, payload, as));
  return Object.assign({}, command, { [shapeKey]: shape, [ackShapeKey]: ack }) as DefinedCommand<TCommand>;
}
