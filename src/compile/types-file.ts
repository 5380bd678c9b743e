import { ackShapeKey, type DefinedCommand } from "../contract/command.js";
import type { SourceContract } from "../contract/define-contract.js";
import { type Derivation, derivationExpectation } from "../contract/derive.js";
import { type DefinedEvent, shapeKey } from "../contract/event.js";
import type { PayloadShape } from "../contract/shape.js";
import { type ContractTypeNames, contractTypes } from "./contract-types-text.js";
import { docstring } from "./docstring.js";
import { block, type Layout } from "./layout.js";
import { key, pascalCase } from "./names.js";
import type { CommandTypeNames, EventTypeNames } from "./payload-names.js";
import { paragraphs, TypeWriter } from "./type-writer.js";

/** The types of a contract, and what the other files call them by. */
export interface TypesFile extends ContractTypeNames {
  readonly text: Layout;
  /** Every exported name. */
  readonly names: readonly string[];
}

/** Writes `types.gen.ts`: plain interfaces, which cost a consumer no inference. */
export function typesFile(contract: SourceContract, runtime: string): TypesFile {
  const typesName = `${pascalCase(contract.name)}Types`;
  const writer = new TypeWriter([typesName]);
  const { events, commands } = contract.definition;
  const eventTypes = new Map(events.map((event) => [event.name, eventNames(event, writer)]));
  const commandTypes = new Map(commands.map((command) => [command.name, commandNames(command, writer)]));
  const names = { typesName, events: eventTypes, commands: commandTypes };
  const of = <TNames>(map: ReadonlyMap<string, TNames>, name: string) => map.get(name) as TNames;
  const text = paragraphs([
    ...(commands.length === 0 ? [] : [`import type { CommandAnswer } from ${JSON.stringify(runtime)};`]),
    ...writer.declared.map((declared) => declared.text),
    [
      docstring(["Socket.IO's map of what a server sends."]),
      block(
        "export interface ServerToClientEvents {",
        events.map(({ name, summary }) => [
          docstring([summary]),
          `${key(name)}: (payload: ${of(eventTypes, name).payload}) => void;`,
        ]),
        "}",
      ),
    ],
    [
      docstring(["Socket.IO's map of what a client sends, and what it is answered."]),
      block(
        "export interface ClientToServerEvents {",
        commands.map(({ name, summary }) => {
          const { commandInput, ack } = of(commandTypes, name);
          const listener = `(payload: ${commandInput}, ack: (answer: CommandAnswer<${ack}>) => void) => void`;
          return [docstring([summary]), `${key(name)}: ${listener};`];
        }),
        "}",
      ),
    ],
    [
      docstring(["What a client's code listens to, by its own name."]),
      block(
        "export interface AppEvents {",
        events.map(({ appName, name, summary }) => [
          docstring([summary]),
          `${key(appName)}: ${of(eventTypes, name).payload};`,
        ]),
        "}",
      ),
    ],
    ...contractTypes(contract, names),
  ]);
  return {
    ...names,
    text,
    names: [
      ...writer.declared.map(({ name }) => name),
      "ServerToClientEvents",
      "ClientToServerEvents",
      "AppEvents",
      "Room",
      typesName,
    ],
  };
}

function eventNames(event: DefinedEvent, writer: TypeWriter): EventTypeNames {
  const shape = event[shapeKey];
  const derived = new Map(Object.entries(event.derive ?? {}).map(([field, rule]) => [field, filled(rule, event.name)]));
  const name = pascalCase(event.name);
  const docs = [event.summary, deprecation(event)];
  const payload = writer.payload(shape, "reader", { name: `${name}Payload`, docs });
  const written = [`${event.summary} As a writer gives it.`, deprecation(event)];
  if (derived.size === 0 && !differs(shape)) {
    return { payload, input: writer.alias(`${name}Input`, payload, written) };
  }
  return { payload, input: writer.payload(shape, "writer", { name: `${name}Input`, docs: written, derived }) };
}

function commandNames(command: DefinedCommand, writer: TypeWriter): CommandTypeNames {
  const name = pascalCase(command.name);
  const both = (shape: PayloadShape, word: string, summary: string): [reader: string, writer: string] => {
    const docs = [summary, deprecation(command)];
    const reader = writer.payload(shape, "reader", { name: name + word, docs });
    if (!differs(shape)) return [reader, reader];
    return [
      reader,
      writer.payload(shape, "writer", {
        name: `${name}${word}Input`,
        docs: [`${summary} As its writer gives it.`, deprecation(command)],
      }),
    ];
  };
  const [payload, commandInput] = both(command[shapeKey], "Command", command.summary);
  const [ack, ackInput] = both(
    command[ackShapeKey],
    "Ack",
    `What \`${command.name}\` is answered where it was applied.`,
  );
  return { command: payload, commandInput, ack, ackInput };
}

function deprecation({ deprecated }: { readonly deprecated?: string }): string {
  return deprecated === undefined ? "" : `@deprecated ${deprecated}`;
}

function filled(derivation: Derivation, eventName: string): string {
  if (derivation.kind === "now") return "the moment of the emit";
  if (derivation.kind === "template") return JSON.stringify(derivation.text);
  return derivationExpectation(derivation, eventName);
}

/** Whether a writer's type is another one than a reader's: something is nullish, open, or a list. */
function differs(shape: PayloadShape): boolean {
  return /"(?:nullish|open)":true|"kind":"(?:array|record)"/.test(JSON.stringify(shape));
}
