import { ackShapeKey } from "../contract/command.js";
import type { RoomEntry } from "../contract/contract.js";
import type { SourceContract } from "../contract/define-contract.js";
import { shapeKey } from "../contract/event.js";
import { importLine, object, written } from "./code-pieces.js";
import { contractWords, versionWords } from "./contract-file.js";
import { docstring } from "./docstring.js";
import { block, bracketed, group, hardline, indent, type Layout, softline } from "./layout.js";
import { ShapeWriter } from "./shape-writer.js";

/** Writes `client.gen.ts`: the half of the contract that a client needs, small. */
export function clientFile(contract: SourceContract, typesName: string, runtime: string): Layout {
  const shapes = new ShapeWriter();
  const { events, commands } = contract.definition;
  for (const event of events) shapes.expect(event[shapeKey], "reader");
  for (const command of commands) {
    shapes.expect(command[shapeKey], "writer");
    shapes.expect(command[ackShapeKey], "reader");
  }
  const place = (name: string) => ({ event: name, name, path: "" });
  const eventRows = [...contract.events.values()].map((entry, i) => {
    const shape = (events[i] as (typeof events)[number])[shapeKey];
    const { name, appName, audience, lane, recover, discriminator } = entry;
    return row([
      // No app name has a star of its own.
      ...[name, appName.replace(name, "*"), audience, lane, recover].map((value) => JSON.stringify(value)),
      shapes.writeEvent(shape, name),
      ...further({ discriminator }),
    ]);
  });
  const commandRows = [...contract.commands.values()].map((entry, i) => {
    const definition = commands[i] as (typeof commands)[number];
    const { name, room, offline, identity, serial, refusals } = entry;
    return row([
      JSON.stringify(name),
      room === undefined ? "undefined" : JSON.stringify(room),
      JSON.stringify(offline),
      JSON.stringify(identity),
      shapes.write(definition[shapeKey], "writer", place(`${name}_command`)),
      shapes.write(definition[ackShapeKey], "reader", place(`${name}_ack`)),
      ...further({ serial, refusals }),
    ]);
  });
  const parts = block(
    "return {",
    [
      block("events: [", eventRows, "],"),
      block("commands: [", commandRows, "],"),
      block("rooms: [", [...contract.roomKinds.values()].map(roomRow), "],"),
    ],
    "};",
  );
  return [
    importLine([...shapes.used, "clientContract", "type ClientParts", "type Contract", "type ParsedRoom"], runtime),
    hardline,
    importLine([typesName], "./types.gen.js", "import type"),
    hardline,
    hardline,
    versionWords(contract),
    block("const parts = (): ClientParts => {", [...shapes.declared, parts], "};"),
    hardline,
    hardline,
    docstring([
      `What a client needs of the contract ${contract.name}: names, rooms, and shapes that judge what it reads and sends.`,
    ]),
    `export const contract: Contract<${typesName}> = /* @__PURE__ */ clientContract(`,
    group([indent([softline, `${JSON.stringify(contract.name)}, CONTRACT_VERSION, parts`]), softline]),
    ");",
    hardline,
    hardline,
    contractWords(contract, typesName),
  ];
}

function row(cells: readonly Layout[]): Layout {
  return [bracketed("[", cells, "]"), ","];
}

// What few events and commands say; nothing where this one says none of it.
function further(said: object): Layout[] {
  const entries = written(said);
  return entries.length === 0 ? [] : [object(entries)];
}

// What a client does with a room: it names it, and enters and leaves it.
function roomRow({ kind, prefix, parameter, authenticated, join, leave }: RoomEntry): Layout {
  return [object(written({ kind, prefix, parameter, authenticated, join, leave })), ","];
}
