import type { Contract } from "../contract/contract.js";
import { ContractError } from "../contract/errors.js";
import { requireBackend } from "./require-backend.js";

/** Refuses by a code what an application in JavaScript, or one that mixes kinds of modules, may give in place of its types. */
export function checkOptions(io: unknown, options: object | undefined): void {
  const refuse = (sentence: string) => new ContractError("contract_invalid", sentence);
  const { sockets, of, adapter } = (io ?? {}) as { readonly [key: string]: unknown };
  if (!sockets || !(of || adapter)) throw refuse("give a Server of socket.io, or one of its namespaces");
  const { contract, authenticate, authorize, backend } = (options ?? {}) as {
    readonly contract?: Partial<Contract>;
    readonly backend?: unknown;
    readonly authenticate?: unknown;
    readonly authorize?: unknown;
  };
  if (typeof contract?.roomKinds?.values !== "function")
    throw refuse("give contract: what defineContract made, not the module that exports it and no snapshot");
  if (typeof authenticate !== "function") throw refuse("give authenticate: there are no anonymous connections");
  const joinable = [...contract.roomKinds.values()].find((kind) => kind.join !== undefined);
  if (joinable && typeof authorize !== "function")
    throw refuse(`clients join rooms of the kind ${joinable.kind}: give authorize`);
  if (backend !== undefined) requireBackend(backend);
}
