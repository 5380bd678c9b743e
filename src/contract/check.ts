import type { Contract } from "./contract.js";
import type { ContractTypes } from "./contract-types.js";
import { ContractError, type Direction, payloadError } from "./errors.js";
import type { Role } from "./expectation.js";
import { isNewVariant, type Refusal, refusalOf } from "./refusal.js";

/** A verdict. */
export type CheckResult = { readonly ok: true } | { readonly ok: false; readonly error: ContractError };

/** Who judges: a writer is strict, a reader tolerates what a newer writer may add. */
export interface CheckOptions {
  /** In whose place the payload is judged. */
  readonly as: Role;
}

const accepted: CheckResult = { ok: true };

/**
 * Judges the payload of an event. As a writer it must be filled: every derived field present.
 *
 * Never throws; the error has `event`, `direction`, `path`, `expected` and `got`, in kinds and never in values, and the
 * code `unknown_event` or `payload_invalid`.
 */
export function checkEvent<TTypes extends ContractTypes>(
  contract: Contract<TTypes>,
  name: (keyof TTypes["events"] & string) | (string & {}),
  payload: unknown,
  { as }: CheckOptions,
): CheckResult {
  const event = contract.events.get(name);
  if (!event) return unknown(contract, "unknown_event", "server_to_client", "event", name);
  const refusal = refusalOf(event.payload, payload, as);
  if (refusal && as === "reader" && isNewVariant(event, refusal))
    return unknown(contract, "unknown_event", "server_to_client", event.discriminator, name);
  return verdict(refusal, name, "server_to_client");
}

/** Judges the payload of a command; otherwise as {@link checkEvent}, with the code `unknown_command` or `payload_invalid`. */
export function checkCommand<TTypes extends ContractTypes>(
  contract: Contract<TTypes>,
  name: (keyof TTypes["commands"] & string) | (string & {}),
  payload: unknown,
  { as }: CheckOptions,
): CheckResult {
  const command = contract.commands.get(name);
  if (!command) return unknown(contract, "unknown_command", "client_to_server", "command", name);
  return verdict(refusalOf(command.payload, payload, as), name, "client_to_server");
}

/** Judges the data of a positive acknowledgement; otherwise as {@link checkCommand}. */
export function checkAck<TTypes extends ContractTypes>(
  contract: Contract<TTypes>,
  name: (keyof TTypes["acks"] & string) | (string & {}),
  data: unknown,
  { as }: CheckOptions,
): CheckResult {
  const command = contract.commands.get(name);
  if (!command) return unknown(contract, "unknown_command", "server_to_client", "command", name);
  return verdict(refusalOf(command.ack, data, as), name, "server_to_client");
}

function verdict(refusal: Refusal | undefined, name: string, direction: Direction): CheckResult {
  return refusal ? { ok: false, error: payloadError(name, direction, refusal) } : accepted;
}

function unknown(
  contract: Contract,
  code: "unknown_event" | "unknown_command",
  direction: Direction,
  what: string | undefined,
  name: string,
): CheckResult {
  const sentence = `the contract ${contract.name} has no such ${what}`;
  // The name came from outside: cut, and on one line.
  const event = JSON.stringify(String(name).slice(0, 64)).slice(1, -1);
  return { ok: false, error: new ContractError(code, sentence, { event, direction }) };
}
