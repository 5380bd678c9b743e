import type { SourceContract } from "../contract/define-contract.js";
import { docstring } from "./docstring.js";
import { block, type Layout } from "./layout.js";
import { key } from "./names.js";
import type { CommandTypeNames, EventTypeNames } from "./payload-names.js";
import { union } from "./type-writer.js";

/** What the types of a contract are called. */
export interface ContractTypeNames {
  /** `GestalokaTypes` */
  readonly typesName: string;
  readonly events: ReadonlyMap<string, EventTypeNames>;
  readonly commands: ReadonlyMap<string, CommandTypeNames>;
}

/** The names of rooms, and the interface that has all types of the contract by their use. */
export function contractTypes(contract: SourceContract, { typesName, events, commands }: ContractTypeNames): Layout[] {
  const rooms = [...contract.roomKinds.values()];
  const all = [...contract.events.values()];
  const column = <TEntry>(entries: Iterable<TEntry>, line: (entry: TEntry) => readonly [string, readonly string[]]) =>
    [...entries].map((entry) => {
      const [name, members] = line(entry);
      return ["readonly ", key(name), ":", union(members.length === 0 ? ["never"] : members), ";"] as Layout;
    });
  const quoted = (name: string) => JSON.stringify(name);
  const audiences = new Map(all.map(({ audience }) => [audience, all.filter((event) => event.audience === audience)]));
  const columns: [string, Layout[]][] = [
    ["events", column(events, ([name, { payload }]) => [name, [payload]])],
    ["inputs", column(events, ([name, { input }]) => [name, [input]])],
    ["audiences", column(audiences, ([audience, sent]) => [audience, sent.map(({ name }) => quoted(name))])],
    ["commands", column(commands, ([name, { command }]) => [name, [command]])],
    ["commandInputs", column(commands, ([name, { commandInput }]) => [name, [commandInput]])],
    ["acks", column(commands, ([name, { ack }]) => [name, [ack]])],
    ["ackInputs", column(commands, ([name, { ackInput }]) => [name, [ackInput]])],
    ["refusals", column(contract.commands.values(), ({ name, refusals }) => [name, refusals.map(quoted)])],
    ["rooms", column(rooms, ({ kind, prefix }) => [kind, [`\`${prefix}\${string}\``]])],
    [
      "joins",
      column(
        rooms.filter(({ join }) => join !== undefined),
        ({ kind, join }) => [kind, [quoted(join as string)]],
      ),
    ],
  ];
  const memberships = rooms.flatMap(({ join, leave }) => [join, leave]).filter((name) => name !== undefined);
  const names = (wanted: readonly string[]) => union(wanted.length === 0 ? ["never"] : wanted.map(quoted));
  return [
    [
      docstring(["The name of a room."]),
      "export type Room =",
      union(rooms.length === 0 ? ["never"] : rooms.map(({ prefix }) => `\`${prefix}\${string}\``)),
      ";",
    ],
    [
      docstring([`All types of the contract ${contract.name}, by their use.`]),
      block(
        `export interface ${typesName} {`,
        [
          "readonly appEvents: AppEvents;",
          ...columns.map(([name, lines]) => block(`readonly ${name}: {`, lines, "};")),
          ["readonly unrecovered:", names(all.filter(({ recover }) => !recover).map(({ name }) => name)), ";"],
          ["readonly membership:", names([...new Set(memberships)]), ";"],
        ],
        "}",
      ),
    ],
  ];
}
