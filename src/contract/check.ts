import type { Contract, PayloadChecker } from "./contract.js";
import { ContractError, type Direction, payloadError } from "./errors.js";
import type { Role } from "./expectation.js";

/** A verdict. */
export type CheckResult = { readonly ok: true } | { readonly ok: false; readonly error: ContractError };

/** Who judges: a writer is strict, a reader tolerates what a newer writer may add. */
export interface CheckOptions {
  readonly as: Role;
}

const accepted: CheckResult = { ok: true };

/**
 * Judges the payload of an event. As a writer it must be filled: every derived field present.
 *
 * Never throws; the error has `event`, `direction`, `path`, `expected` and `got`, in kinds and never in values, and the
 * code `unknown_event` or `payload_invalid`.
 */
export function checkEvent(contract: Contract, name: string, payload: unknown, { as }: CheckOptions): CheckResult {
  const event = contract.events.get(name);
  if (!event)
    return unknown("unknown_event", "server_to_client", `the contract ${contract.name} has no such event`, name);
  const result = verdict(event.payload, name, "server_to_client", payload, as);
  if (
    !result.ok &&
    as === "reader" &&
    event.discriminator !== undefined &&
    result.error.path === event.discriminator &&
    result.error.got === "string"
  ) {
    // A variant that a newer writer brought is a new event in all but name.
    return unknown(
      "unknown_event",
      "server_to_client",
      `the contract ${contract.name} has no such ${event.discriminator}`,
      name,
    );
  }
  return result;
}

/** Judges the payload of a command; otherwise as {@link checkEvent}, with the code `unknown_command` or `payload_invalid`. */
export function checkCommand(contract: Contract, name: string, payload: unknown, { as }: CheckOptions): CheckResult {
  const command = contract.commands.get(name);
  if (!command)
    return unknown("unknown_command", "client_to_server", `the contract ${contract.name} has no such command`, name);
  return verdict(command.payload, name, "client_to_server", payload, as);
}

/** Judges the data of a positive acknowledgement; otherwise as {@link checkCommand}. */
export function checkAck(contract: Contract, name: string, data: unknown, { as }: CheckOptions): CheckResult {
  const command = contract.commands.get(name);
  if (!command)
    return unknown("unknown_command", "server_to_client", `the contract ${contract.name} has no such command`, name);
  return verdict(command.ack, name, "server_to_client", data, as);
}

function verdict(checker: PayloadChecker, name: string, direction: Direction, value: unknown, role: Role): CheckResult {
  try {
    if (checker.accepts(value, role)) return accepted;
    const issue = checker.explain(value, role) ?? { path: "", expected: "a valid payload", got: "another" };
    return { ok: false, error: payloadError(name, direction, issue) };
  } catch (cause) {
    // A getter, a proxy or a checker that throws: what cannot be read is not valid.
    const issue = { path: "", expected: "plain data", got: "a value that throws when read" };
    return { ok: false, error: Object.assign(payloadError(name, direction, issue), { cause }) };
  }
}

function unknown(
  code: "unknown_event" | "unknown_command",
  direction: Direction,
  sentence: string,
  name: string,
): CheckResult {
  // The name came from outside: cut, and on one line.
  const event = JSON.stringify(String(name).slice(0, 64)).slice(1, -1);
  return { ok: false, error: new ContractError(code, sentence, { event, direction }) };
}
