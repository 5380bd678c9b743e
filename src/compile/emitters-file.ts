import type { SourceContract } from "../contract/define-contract.js";
import { ContractError } from "../contract/errors.js";
import type { DefinedEvent } from "../contract/event.js";
import { importLine } from "./code-pieces.js";
import type { ContractTypeNames } from "./contract-types-text.js";
import { docstring } from "./docstring.js";
import { block, call, hardline, join, type Layout } from "./layout.js";
import { camelCase, property } from "./names.js";

const serverTypes = ["EmitOptions", "EmitResult", "EmitTarget"];

/** Writes `emitters.gen.ts`: one class an emitter that events name; `undefined` where none does. */
export function emittersFile(contract: SourceContract, types: ContractTypeNames, server: string): Layout | undefined {
  const classes = new Map<string, Map<string, DefinedEvent>>();
  const inputOf = ({ name }: DefinedEvent) => types.events.get(name)?.input as string;
  // What the file itself speaks of.
  const taken = [types.typesName, ...serverTypes, ...contract.definition.events.map(inputOf), "Promise"];
  for (const event of contract.definition.events) {
    if (event.emitter === undefined) continue;
    const [className, method] = event.emitter.split(".") as [string, string];
    const methods = classes.get(className) ?? new Map<string, DefinedEvent>();
    classes.set(className, methods);
    if (method === "constructor") throw refuse(event, "a method cannot be called constructor; name another method");
    if (taken.includes(className)) throw refuse(event, `a class cannot be called ${className}; name another one`);
    methods.set(method, event);
  }
  if (classes.size === 0) return undefined;
  const events = [...classes.values()].flatMap((methods) => [...methods.values()]);
  return [
    importLine(serverTypes, server, "import type"),
    hardline,
    importLine([types.typesName, ...new Set(events.map(inputOf))], "./types.gen.js", "import type"),
    hardline,
    hardline,
    join(
      [hardline, hardline],
      [...classes].map(([name, methods]) => emitterClass(contract, types, name, methods)),
    ),
    hardline,
  ];
}

function emitterClass(
  contract: SourceContract,
  types: ContractTypeNames,
  name: string,
  methods: ReadonlyMap<string, DefinedEvent>,
): Layout {
  const target = `EmitTarget<${types.typesName}>`;
  return [
    docstring([`Emits ${[...methods.values()].map((event) => `\`${event.name}\``).join(", ")}.`]),
    block(
      `export class ${name} {`,
      [
        `readonly #target: ${target};`,
        "",
        docstring(["Takes a server with sockets, or a worker without."]).slice(0, -1),
        block(`constructor(target: ${target}) {`, ["this.#target = target;"], "}"),
        ...[...methods].flatMap(([method, event]) => ["", emitMethod(contract, types, method, event)]),
      ],
      "}",
    ),
  ];
}

function emitMethod(contract: SourceContract, types: ContractTypeNames, method: string, event: DefinedEvent): Layout {
  const parameter = camelCase(contract.roomKinds.get(event.audience)?.parameter ?? "id");
  const id = /Id$/.test(parameter) ? parameter : "id";
  const input = types.events.get(event.name)?.input as string;
  return [
    docstring([
      `${event.summary} To everybody in the ${event.audience} room of \`${id}\`.`,
      event.deprecated === undefined ? "" : `@deprecated ${event.deprecated}`,
    ]),
    call(method, `${id}: string`, `input: ${input}`, "options?: EmitOptions"),
    ": Promise<EmitResult> ",
    block(
      "{",
      [
        `return this.#target.${property("to", event.audience)}(${id}).emit(${JSON.stringify(event.name)}, input, options);`,
      ],
      "}",
    ),
  ];
}

function refuse(event: DefinedEvent, sentence: string): ContractError {
  return new ContractError("contract_invalid", sentence, { event: event.name });
}
