import { ackShapeKey } from "../contract/command.js";
import type { SourceContract } from "../contract/define-contract.js";
import { ContractError } from "../contract/errors.js";
import { shapeKey } from "../contract/event.js";
import { CheckerWriter } from "./checker-writer.js";
import { clientFile } from "./client-file.js";
import { type CheckerCode, contractFile } from "./contract-file.js";
import { derivationRules } from "./derivation-code.js";
import { emittersFile } from "./emitters-file.js";
import { FillWriter } from "./fill-writer.js";
import { hardline, type Layout, print } from "./layout.js";
import { camelCase, NameBook } from "./names.js";
import { runtimeNames } from "./runtime-names.js";
import { typesFile } from "./types-file.js";

/** Where generated code finds what it imports. */
export interface CompileOptions {
  /** Where the pieces of checkers are; `@gestaloka/events/compiled` where left out. */
  readonly runtime?: string;
  /** Where the pieces of a client's contract are; `@gestaloka/events/shapes` where left out. */
  readonly shapes?: string;
  /** Where the types of emitters are; `@gestaloka/events/server` where left out. */
  readonly server?: string;
}

/** A file of generated source; its path is relative to the contract's folder. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

/** What `compileContract` writes. */
export interface CompiledSource {
  readonly files: readonly GeneratedFile[];
  /** The exported names of `types.gen.ts`. */
  readonly types: readonly string[];
}

const banner =
  "// Written by `gestaloka-events generate` from the contract beside it. Do not edit: change the contract.";

/**
 * Writes a contract as TypeScript: interfaces, checkers, a contract without schemas, emitter classes. The same contract
 * gives the same text.
 *
 * @throws {ContractError} `schema_unsupported`, naming the event and the path of what no checker can be written for;
 * `contract_invalid` for a contract without its source, or whose emitters clash.
 */
export function compileContract(contract: SourceContract, options: CompileOptions = {}): CompiledSource {
  const {
    runtime = "@gestaloka/events/compiled",
    shapes = "@gestaloka/events/shapes",
    server = "@gestaloka/events/server",
  } = options;
  if (typeof contract.definition !== "object")
    throw new ContractError(
      "contract_invalid",
      "a compiled contract has no schemas; compile the one that defineContract returns",
    );
  // The checkers first: they refuse what is of no known kind.
  const checkers = checkersOf(contract);
  const types = typesFile(contract, runtime);
  const emitters = emittersFile(contract, types, server);
  const files: (readonly [string, Layout])[] = [
    ["types.gen.ts", [types.text, hardline]],
    ["contract.gen.ts", contractFile(contract, types.typesName, checkers, runtime)],
    ["client.gen.ts", clientFile(contract, types.typesName, shapes)],
    ...(emitters === undefined ? [] : [["emitters.gen.ts", emitters] as const]),
  ];
  return {
    files: files.map(([path, layout]) => ({ path, text: print([banner, hardline, layout]) })),
    types: types.names,
  };
}

function checkersOf(contract: SourceContract): CheckerCode {
  const names = new NameBook(runtimeNames);
  const checkers = new CheckerWriter(names);
  const fills = new FillWriter(names);
  const { events, commands } = contract.definition;
  const agrees = (...args: Layout[]) => checkers.helper("agrees", ...args);
  const code = {
    payload: new Map(
      events.map((event) => [
        event.name,
        checkers.payload(
          event[shapeKey],
          camelCase(`${event.name}_payload`),
          event.name,
          derivationRules(event, agrees),
        ),
      ]),
    ),
    command: new Map(
      commands.map((command) => [
        command.name,
        checkers.payload(command[shapeKey], camelCase(`${command.name}_command`), command.name),
      ]),
    ),
    ack: new Map(
      commands.map((command) => [
        command.name,
        checkers.payload(command[ackShapeKey], camelCase(`${command.name}_ack`), command.name),
      ]),
    ),
    fill: new Map(
      events.flatMap((event) => {
        const fill = fills.of(event);
        return fill === undefined ? [] : [[event.name, fill] as const];
      }),
    ),
  };
  return { code, used: [...checkers.used, ...fills.used], declared: [...checkers.declared, ...fills.declared] };
}
