import type { Derivations } from "../contract/derive.js";
import type { PayloadShape } from "../contract/shape.js";
import type { CommandSnapshot, ContractSnapshot, EventSnapshot } from "./snapshot.js";

/** What a schema is of: the payload of an event or a command, or the data of a positive acknowledgement. */
export type SchemaSubject = "event" | "command" | "ack";

/** A payload of a contract, with what is said of it. */
export interface ContractPayload {
  readonly kind: SchemaSubject;
  readonly name: string;
  readonly summary: string;
  readonly deprecated?: string;
  readonly derive: Derivations;
  readonly shape: PayloadShape;
}

/** All payloads of a contract: those of its events, of its commands, and of their acknowledgements. */
export function payloadsOf({ events, commands }: ContractSnapshot): ContractPayload[] {
  const said = ({ name, summary, deprecated }: EventSnapshot | CommandSnapshot) => ({
    name,
    summary,
    ...(deprecated === undefined ? {} : { deprecated }),
  });
  return [
    ...events.map((event) => ({ kind: "event" as const, ...said(event), derive: event.derive, shape: event.payload })),
    ...commands.map((command) => ({ kind: "command" as const, ...said(command), derive: {}, shape: command.payload })),
    ...commands.map((command) => ({ kind: "ack" as const, ...said(command), derive: {}, shape: command.ack })),
  ];
}
