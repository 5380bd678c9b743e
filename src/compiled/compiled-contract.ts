import {
  assembleContract,
  type CommandEntry,
  type Contract,
  type EventEntry,
  type Roles,
  type RoomEntry,
} from "../contract/contract.js";
import type { ContractTypes } from "../contract/contract-types.js";
import { payloadChecker } from "./checker.js";
import type { Fields } from "./fields.js";
import { type KeyFilter, knownKeys } from "./known-keys.js";
import type { Checker } from "./refusal.js";

/** Returns a new payload with the derived fields that `input` leaves out; `now` is Unix ms. */
export type Fill = (input: object, now: number, name: string) => object;

/** An event as generated code says it. */
export interface CompiledEvent extends Omit<EventEntry, "payload" | "fill" | "logFields" | "recover"> {
  readonly recover?: true;
  readonly logFields?: readonly string[];
  readonly payload: Checker;
  readonly fill?: Fill;
}

/** A command as generated code says it. */
export interface CompiledCommand
  extends Omit<CommandEntry, "payload" | "known" | "ack" | "logFields" | "refusals" | "identity"> {
  readonly refusals?: readonly string[];
  readonly logFields?: readonly string[];
  readonly payload: Checker;
  /** The names of its fields, where no field has further keys to lose. */
  readonly known: KeyFilter | readonly string[];
  readonly ack: Checker;
  readonly identity?: true;
}

/** What generated code puts a contract together from. */
export interface CompiledParts {
  readonly name: string;
  readonly version: string;
  readonly events: readonly CompiledEvent[];
  readonly commands: readonly CompiledCommand[];
  readonly rooms: readonly RoomEntry[];
  readonly roles: Roles;
}

/** Makes a contract out of what `generate` wrote. */
export function compiledContract<TTypes extends ContractTypes>(parts: CompiledParts): Contract<TTypes> {
  return assembleContract<TTypes>({
    ...parts,
    events: parts.events.map((event) => ({
      logFields: [],
      recover: false,
      ...event,
      payload: payloadChecker(event.payload),
      fill: (input, now) => event.fill?.(given(input), now, event.name) ?? { ...input },
    })),
    commands: parts.commands.map((command) => ({
      refusals: [],
      logFields: [],
      identity: false,
      ...command,
      payload: payloadChecker(command.payload),
      known: (typeof command.known === "function" ? command.known : knownKeys(command.known)) as CommandEntry["known"],
      ack: payloadChecker(command.ack),
    })),
  });
}

// An input without the fields that are undefined, which would stand in the way of derived ones.
function given(input: object): object {
  for (const name in input) {
    if ((input as Fields)[name] === undefined)
      return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
  }
  return input;
}
