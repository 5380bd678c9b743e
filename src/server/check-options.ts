import type { Contract } from "../contract/contract.js";
import { ContractError } from "../contract/errors.js";
import { serverTimes } from "./limits.js";
import { isFunction, type OptionKinds, requireKinds } from "./option-kinds.js";
import { requireBackend } from "./require-backend.js";

const isNumber = (given: unknown) => typeof given === "number";

/**
 * What is told apart by a look, and what to give. Without a word, nothing would be logged, counted or told; a variable's
 * `"false"` would be a yes, and its `"30s"` the usual time.
 */
const kinds: OptionKinds = {
  logger: [(given) => can(given, "debug", "info", "warn", "error"), "an object with debug, info, warn and error"],
  metrics: [(given) => can(given, "count"), "what memoryMetrics, prometheusMetrics or openTelemetryMetrics made"],
  onError: [isFunction, "a function"],
  errorText: [isFunction, "a function"],
  allowUnsafe: [Array.isArray, "a list of options' names"],
  debug: [(given) => typeof given === "boolean" || given === "forced", 'true, false or "forced"'],
  throwOnInvalid: [(given) => typeof given === "boolean", "true or false"],
  ...Object.fromEntries(Object.keys(serverTimes).map((name) => [name, [isNumber, "a number of ms"]])),
};

/** Refuses by a code what an application in JavaScript, or one that mixes kinds of modules, may give in place of its types. */
export function checkOptions(io: unknown, options: object | undefined): void {
  const { sockets, of, adapter } = (io ?? {}) as { readonly [key: string]: unknown };
  if (!sockets || !(of || adapter)) throw refuse("give a Server of socket.io, or one of its namespaces");
  const { contract, authenticate, authorize, backend } = (options ?? {}) as {
    readonly contract?: Contract;
    readonly backend?: unknown;
    readonly authenticate?: unknown;
    readonly authorize?: unknown;
  };
  requireContract(contract);
  if (!isFunction(authenticate)) throw refuse("give authenticate: there are no anonymous connections");
  const joinable = [...contract.roomKinds.values()].find((kind) => kind.join !== undefined);
  if (joinable && !isFunction(authorize))
    throw refuse(`clients join rooms of the kind ${joinable.kind}: give authorize`);
  if (backend !== undefined) requireBackend(backend);
  checkKinds(options as object);
}

/** @throws {ContractError} `contract_invalid` for what is no contract at run time. */
export function requireContract(contract: unknown): asserts contract is Contract {
  if (!isFunction((contract as Partial<Contract> | null | undefined)?.roomKinds?.values))
    throw refuse("give contract: what defineContract made, not the module that exports it and no snapshot");
}

/** Refuses the options of another kind among those that may be left out. */
export function checkKinds(options: object): void {
  requireKinds(kinds, options, (name, sentence) => refuse(`${name}: give ${sentence}`));
}

function can(given: unknown, ...names: readonly string[]): boolean {
  return names.every((name) => isFunction(Object(given)[name]));
}

function refuse(sentence: string): ContractError {
  return new ContractError("contract_invalid", sentence);
}
