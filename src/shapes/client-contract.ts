import type { OfflinePolicy } from "../contract/command.js";
import { assembleContract, type Contract, type PayloadChecker, type RoomEntry } from "../contract/contract.js";
import type { ContractTypes } from "../contract/contract-types.js";
import { ContractError } from "../contract/errors.js";
import type { Lane } from "../contract/event.js";
import type { Role } from "../contract/expectation.js";
import { type Judge, refuse } from "./judge.js";
import { literal } from "./scalars.js";

/** An event as the client's generated code says it. */
export type EventRow = readonly [
  name: string,
  /** The app name, in which a star stands for the name. */
  appName: string,
  audience: string,
  lane: Lane,
  recover: boolean,
  /** Makes its judge, given one that takes nothing but the event's name. */
  payload: (name: Judge) => Judge,
  further?: { readonly discriminator: string },
];

/** A command as the client's generated code says it. */
export type CommandRow = readonly [
  name: string,
  room: string | undefined,
  offline: OfflinePolicy,
  identity: boolean,
  payload: Judge,
  ack: Judge,
  further?: { readonly serial?: "room"; readonly refusals?: readonly string[] },
];

/** What the client's generated code puts a contract together from. */
export interface ClientParts {
  /** One row an event. */
  readonly events: readonly EventRow[];
  /** One row a command. */
  readonly commands: readonly CommandRow[];
  /** One entry a kind of room. */
  readonly rooms: readonly RoomEntry[];
}

/**
 * Makes the half of a contract that a client needs: it judges what a client reads and what it sends. What only a server
 * does, it refuses to do.
 */
export function clientContract<TTypes extends ContractTypes>(
  name: string,
  version: string,
  parts: () => ClientParts,
): Contract<TTypes> {
  const { events, commands, rooms } = parts();
  return assembleContract<TTypes>({
    name,
    version,
    rooms,
    roles: {},
    events: events.map(([name, appName, audience, lane, recover, payload, further]) => ({
      name,
      appName: appName.replace("*", name),
      audience,
      lane,
      recover,
      logFields: [],
      payload: checker(payload(literal(name)), "reader"),
      fill: notHere,
      ...further,
    })),
    commands: commands.map(([name, room, offline, identity, payload, ack, further]) => ({
      name,
      room,
      offline,
      identity,
      refusals: [],
      logFields: [],
      payload: checker(payload, "writer"),
      known: notHere,
      ack: checker(ack, "reader"),
      ...further,
    })),
  });
}

function checker(judge: Judge, role: Role): PayloadChecker {
  const explain = (value: unknown, as: Role) =>
    as === role ? judge(value) : refuse(`the whole contract for a ${as}`, value);
  return { explain, accepts: (value, as) => !explain(value, as) };
}

function notHere(): never {
  throw new ContractError("contract_invalid", "a server needs the whole contract");
}
