import type { SourceContract } from "../contract/define-contract.js";
import { type Derivations, derivationOf } from "../contract/derive.js";
import { discriminatorsOf, type PayloadShape } from "../contract/shape.js";
import { commandExamples, eventExamples } from "./examples.js";
import { derivationWords, type FieldRow, fieldRows, shapeWords } from "./shape-words.js";
import { type CommandSnapshot, type EventSnapshot, type RoomSnapshot, toSnapshot } from "./snapshot.js";

/** Writes a contract as a catalogue in Markdown: rooms, events, commands, each with its fields and an example. */
export function toMarkdown(contract: SourceContract): string {
  const snapshot = toSnapshot(contract);
  const events = new Map(contract.definition.events.map((event) => [event.name, eventExamples(event)]));
  const commands = new Map(contract.definition.commands.map((command) => [command.name, commandExamples(command)]));
  const rooms = new Map(snapshot.rooms.map((room) => [room.kind, room]));
  const blocks = [
    `# ${snapshot.name} ${snapshot.version}`,
    `Generated from the contract (fingerprint \`${snapshot.fingerprint}\`); change the contract, not this file.`,
    "Every event carries one JSON object. A writer matches it exactly; a reader passes unknown keys and unknown members of open enums. A field marked † is derived: a writer may leave it out, and one that is given must agree, save that now and a text need only be valid. A field marked ? may be left out; one marked ?∅ a reader also takes as null.",
    "## Rooms",
    table(["kind", "name", "who is in it"], snapshot.rooms.map(roomRow)),
    "## Server to client",
    table(
      ["event", "app-side name", "to", "lane", "recovered", "emitter", "what it tells"],
      snapshot.events.map((event) => eventRow(event, rooms)),
    ),
    ...snapshot.events.flatMap((event) => eventSection(event, events.get(event.name)?.[0])),
    "## Client to server",
    table(["command", "room", "offline", "serial", "refusals", "what it asks"], snapshot.commands.map(commandRow)),
    ...snapshot.commands.flatMap((command) => commandSection(command, commands.get(command.name)?.[0])),
  ];
  return `${blocks.join("\n\n")}\n`;
}

function roomRow({ kind, prefix, parameter, options }: RoomSnapshot): string[] {
  const who =
    options.enter === "authenticated"
      ? "every connection of the user, from the moment it is authenticated"
      : options.join === undefined
        ? "whom the server puts there"
        : `who sent ${code(options.join)}, until ${code(options.leave ?? "")}`;
  return [kind, code(`${prefix}{${parameter}}`), who];
}

function eventRow(event: EventSnapshot, rooms: ReadonlyMap<string, RoomSnapshot>): string[] {
  const room = rooms.get(event.audience);
  return [
    `[${code(event.name)}](#${event.name})`,
    code(event.appName),
    room ? code(`${room.prefix}{${room.parameter}}`) : "the connection that asked",
    event.lane + coalesceWords(event),
    event.recover ? "yes" : "no",
    event.emitter === undefined ? "" : code(event.emitter),
    deprecation(event) + event.summary,
  ];
}

function coalesceWords({ coalesce }: EventSnapshot): string {
  if (!coalesce) return "";
  if ("merge" in coalesce) return `, merges ${code(coalesce.merge)}`;
  return coalesce.key === undefined ? ", latest" : `, latest by ${code(coalesce.key)}`;
}

function commandRow(command: CommandSnapshot): string[] {
  return [
    `[${code(command.name)}](#${command.name}-command)`,
    command.room ?? "",
    command.offline,
    command.serial ?? "",
    command.refusals.map(code).join(", "),
    deprecation(command) + command.summary,
  ];
}

function deprecation({ deprecated }: { readonly deprecated?: string }): string {
  return deprecated === undefined ? "" : `**Deprecated** (${deprecated}): `;
}

function eventSection(event: EventSnapshot, example: object | undefined): string[] {
  return [
    `### ${event.name}`,
    withoutHtml(event.summary),
    ...payloadTables(event.payload, event.derive, event.name),
    ...exampleBlock(example),
  ];
}

function commandSection(command: CommandSnapshot, example: object | undefined): string[] {
  const answer =
    command.ack.fields.length === 0
      ? ["Answered without data."]
      : ["Answered with:", fieldTable(fieldRows(command.ack), {}, "")];
  return [
    `### ${command.name} command`,
    withoutHtml(command.summary),
    ...payloadTables(command.payload, {}, command.name),
    ...answer,
    ...exampleBlock(example),
  ];
}

function payloadTables(shape: PayloadShape, derive: Derivations, name: string): string[] {
  if (shape.kind === "object") return [fieldTable(fieldRows(shape), derive, name)];
  return shape.options.flatMap((option) => [
    `Where ${code(shape.discriminator)} is ${discriminatorsOf(shape, option).map(code).join(" or ")}:`,
    fieldTable(fieldRows(option), derive, name),
  ]);
}

function fieldTable(rows: readonly FieldRow[], derive: Derivations, name: string): string {
  if (rows.length === 0) return "No fields.";
  return table(
    ["field", "is", "about"],
    rows.map(({ path, field }) => {
      const derivation = derivationOf(derive, path);
      const marks = `${derivation ? "†" : ""}${field.optional ? (field.nullish ? "?∅" : "?") : ""}`;
      const about = [
        ...(field.shape.description === undefined ? [] : [field.shape.description]),
        ...(derivation ? [`derived: ${derivationWords(derivation, name)}`] : []),
      ];
      return [`${code(path)}${marks === "" ? "" : ` ${marks}`}`, shapeWords(field.shape), about.join("; ")];
    }),
  );
}

function exampleBlock(example: object | undefined): string[] {
  return example === undefined ? [] : [`\`\`\`json\n${JSON.stringify(example, null, 2)}\n\`\`\``];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => withoutHtml(cell).replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function code(text: string): string {
  return `\`${text}\``;
}

// In Markdown <id> is HTML, which nobody sees; in code it stands as it is.
function withoutHtml(text: string): string {
  return text.replace(/`[^`]*`|</g, (found) => (found === "<" ? "&lt;" : found));
}
