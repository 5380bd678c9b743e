import { checkCommand, checkEvent } from "../../contract/check.js";
import type { Contract } from "../../contract/contract.js";
import type { ContractError, Direction } from "../../contract/errors.js";
import type { Role } from "../../contract/expectation.js";
import type { Finding, Problem } from "../messages/finding.js";
import { printableName } from "../printable.js";

/** How messages are judged. */
export interface JudgeOptions {
  readonly contract: Contract;
  readonly as: Role;
  /** The direction of every message, whatever its file says. */
  readonly direction?: Direction | undefined;
}

/** A message and what is wrong with it, if anything is. */
export interface Verdict {
  /** Printable; `undefined` for what is no message. */
  readonly event: string | undefined;
  readonly direction: Direction | undefined;
  readonly problem: Problem | undefined;
}

/** Judges a finding; `undefined` for what is skipped. */
export function judge(finding: Finding, { contract, as, direction: forced }: JudgeOptions): Verdict | undefined {
  if (finding.kind === "skipped") return undefined;
  if (finding.kind === "no_message") return { event: undefined, direction: undefined, problem: finding.problem };
  const { event, payload } = finding;
  const direction = forced ?? finding.direction ?? directionByName(contract, event);
  const name = printableName(event);
  if (finding.problem) return { event: name, direction, problem: finding.problem };
  if (direction === undefined) return { event: name, direction, problem: unknownName(contract, direction) };
  const check = direction === "server_to_client" ? checkEvent : checkCommand;
  const result = check(contract, event, payload, { as });
  return {
    event: name,
    direction,
    problem: result.ok ? undefined : problemOf(result.error, contract, event, direction),
  };
}

// A name that goes both ways is taken for the event.
function directionByName(contract: Contract, event: string): Direction | undefined {
  if (contract.events.has(event)) return "server_to_client";
  return contract.commands.has(event) ? "client_to_server" : undefined;
}

function problemOf(error: ContractError, contract: Contract, event: string, direction: Direction): Problem {
  const { code, path, expected, got } = error;
  if (path !== undefined) return { code, path, expected: expected ?? "", got: got ?? "" };
  const known = direction === "server_to_client" ? contract.events.get(event) : undefined;
  if (!known) return unknownName(contract, direction);
  return {
    code,
    path: known.discriminator ?? "",
    expected: `one that ${contract.name}@${contract.version} knows`,
    got: "unknown word",
  };
}

function unknownName(contract: Contract, direction: Direction | undefined): Problem {
  const kind = direction === undefined ? "event or command" : direction === "server_to_client" ? "event" : "command";
  return {
    code: direction === "client_to_server" ? "unknown_command" : "unknown_event",
    path: "",
    expected: `${kind === "command" ? "a" : "an"} ${kind} of ${contract.name}@${contract.version}`,
    got: "unknown name",
  };
}
