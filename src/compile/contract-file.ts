import type { CommandEntry, EventEntry } from "../contract/contract.js";
import type { SourceContract } from "../contract/define-contract.js";
import { shapeKey } from "../contract/event.js";
import type { ObjectShape } from "../contract/shape.js";
import { importLine, object, written } from "./code-pieces.js";
import { docstring } from "./docstring.js";
import { knownOf } from "./known-writer.js";
import { block, hardline, type Layout } from "./layout.js";
import { key, property } from "./names.js";

/** What a payload's checkers and fills are called in the file. */
export interface CodeNames {
  readonly payload: ReadonlyMap<string, string>;
  readonly fill: ReadonlyMap<string, string>;
  readonly command: ReadonlyMap<string, string>;
  readonly ack: ReadonlyMap<string, string>;
}

/** The checkers and fills of a contract. */
export interface CheckerCode {
  readonly code: CodeNames;
  /** The names of the runtime that they use. */
  readonly used: readonly string[];
  /** Every constant and function, in order. */
  readonly declared: readonly Layout[];
}

/** Writes `contract.gen.ts`: the contract at run time, without a schema. */
export function contractFile(
  contract: SourceContract,
  typesName: string,
  { code, used, declared }: CheckerCode,
  runtime: string,
): Layout {
  const helpers = new Set(["compiledContract", "type Contract", "type ParsedRoom", ...used]);
  const shapes = contract.definition.commands.map((command) => command[shapeKey]);
  const commands = [...contract.commands.values()].map((command, i) =>
    commandParts(command, shapes[i] as ObjectShape, code, (name) => helpers.add(name)),
  );
  const events = [...contract.events.values()].map((event) => eventParts(event, code));
  return [
    // The values that checkers read may be anything, which is the point of them.
    "// @ts-nocheck",
    hardline,
    importLine([...helpers], runtime),
    hardline,
    importLine([typesName], "./types.gen.js", "import type"),
    hardline,
    hardline,
    ...declared.flatMap((piece) => [piece, hardline, hardline]),
    versionWords(contract),
    docstring([`The contract ${contract.name} at run time: names, rooms, lanes and checkers.`]),
    block(
      `export const contract: Contract<${typesName}> = /* @__PURE__ */ compiledContract<${typesName}>({`,
      [
        `name: ${JSON.stringify(contract.name)},`,
        "version: CONTRACT_VERSION,",
        block("events: [", events, "],"),
        block("commands: [", commands, "],"),
        block(
          "rooms: [",
          [...contract.roomKinds.values()].map((room) => [object(written(room)), ","]),
          "],",
        ),
        ["roles: ", object(written(contract.roles)), ","],
      ],
      "});",
    ),
    hardline,
    hardline,
    contractWords(contract, typesName),
  ];
}

/** `CONTRACT_VERSION`, with a blank line after it. */
export function versionWords(contract: SourceContract): Layout {
  return [
    docstring(["The version of the contract; ends of different majors refuse each other."]),
    `export const CONTRACT_VERSION = ${JSON.stringify(contract.version)};`,
    hardline,
    hardline,
  ];
}

/** `rooms` and `parseRoom`, which every module of a contract exports beside it. */
export function contractWords(contract: SourceContract, typesName: string): Layout {
  const rooms = [...contract.roomKinds.values()];
  return [
    docstring(["The names of rooms: `rooms.<kind>(id)`. Throws `room_invalid` for an id that cannot stand in one."]),
    block(
      `export const rooms: Contract<${typesName}>["rooms"] = {`,
      rooms.map(({ kind }) => `${key(kind)}: (id) => ${property("contract.rooms", kind)}(id),`),
      "};",
    ),
    hardline,
    hardline,
    docstring(["Takes a room's name apart; `undefined` for a text that names no room of this contract."]),
    block(
      "export function parseRoom(text: string): ParsedRoom | undefined {",
      ["return contract.parseRoom(text);"],
      "}",
    ),
    hardline,
  ];
}

function eventParts(event: EventEntry, code: CodeNames): Layout {
  const { name, appName, audience, lane, recover, coalesce, logFields, discriminator } = event;
  const fill = code.fill.get(name);
  return parts([
    ...written({ name, appName, audience, lane, recover: recover || undefined, coalesce, logFields, discriminator }),
    ["payload", code.payload.get(name) as string],
    ...(fill === undefined ? [] : [["fill", fill] as const]),
  ]);
}

function commandParts(
  command: CommandEntry,
  shape: ObjectShape,
  code: CodeNames,
  use: (helper: string) => void,
): Layout {
  const { name, room, refusals, offline, serial, logFields, identity } = command;
  return parts([
    ...written({ name, room, refusals, offline, serial, logFields }),
    ["payload", code.command.get(name) as string],
    ["known", knownOf(shape, use)],
    ["ack", code.ack.get(name) as string],
    ...written({ identity: identity || undefined }),
  ]);
}

function parts(entries: readonly (readonly [string, Layout])[]): Layout {
  return block(
    "{",
    entries.map(([name, value]) => [key(name), ": ", value, ","]),
    "},",
  );
}
