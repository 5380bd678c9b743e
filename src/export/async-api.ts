import type { SourceContract } from "../contract/define-contract.js";
import { errorCodes } from "../contract/error-codes.js";
import { commandExamples, eventExamples } from "./examples.js";
import { payloadForm } from "./json-schema.js";
import type { JsonSchema, SchemaPlace } from "./shape-schema.js";
import {
  type CommandSnapshot,
  type ContractSnapshot,
  type EventSnapshot,
  type RoomSnapshot,
  toSnapshot,
} from "./snapshot.js";

/** An AsyncAPI document, as plain JSON. */
export interface AsyncApiDocument {
  readonly [keyword: string]: unknown;
}

/** Where the documented server is reached. */
export interface AsyncApiOptions {
  /** `events.example.org`, with a port where it has one. */
  readonly host?: string;
  /** Socket.IO's path; `/socket.io/` unless told. */
  readonly pathname?: string;
}

/** The channel of the one connection that asked: its events, and the commands that belong to no room. */
const SOCKET = "socket";

/**
 * Describes a contract as AsyncAPI 3.0, from the server's side: it sends events and receives commands.
 *
 * Each kind of room is a channel, and so is the one connection that asked. Acknowledgements are replies. Lane,
 * recovery, derivations and emitters stand under `x-` keywords.
 */
export function toAsyncApi(contract: SourceContract, options: AsyncApiOptions = {}): AsyncApiDocument {
  const snapshot = toSnapshot(contract);
  const events = new Map(contract.definition.events.map((event) => [event.name, eventExamples(event)]));
  const commands = new Map(contract.definition.commands.map((command) => [command.name, commandExamples(command)]));
  return {
    asyncapi: "3.0.0",
    info: {
      title: snapshot.name,
      version: snapshot.version,
      description:
        "Every event carries one JSON object. An operation says what the server does: it sends, or receives.",
      "x-fingerprint": snapshot.fingerprint,
    },
    defaultContentType: "application/json",
    servers: {
      socketio: {
        host: options.host ?? "{host}",
        pathname: options.pathname ?? "/socket.io/",
        protocol: "wss",
        protocolVersion: "5",
        description: "Socket.IO, WebSocket first, HTTP long-polling where that cannot be had.",
        ...(options.host === undefined ? { variables: { host: { description: "The server's host and port." } } } : {}),
        security: [{ $ref: "#/components/securitySchemes/credential" }],
      },
    },
    channels: channels(snapshot),
    operations: {
      ...Object.fromEntries(snapshot.events.map((event) => [`send_${event.name}`, sendOperation(event)])),
      ...Object.fromEntries(snapshot.commands.map((command) => [`receive_${command.name}`, receiveOperation(command)])),
    },
    components: {
      messages: {
        ...Object.fromEntries(
          snapshot.events.map((event) => [eventKey(event), eventMessage(event, events.get(event.name) ?? [])]),
        ),
        ...Object.fromEntries(
          snapshot.commands.flatMap((command) => [
            [commandKey(command), commandMessage(command, commands.get(command.name) ?? [])],
            [ackKey(command), ackMessage(command)],
          ]),
        ),
      },
      securitySchemes: {
        credential: {
          type: "http",
          scheme: "bearer",
          description: "The credential travels in Socket.IO's `auth` on connect; identity comes from it alone.",
        },
      },
    },
  };
}

const eventKey = (event: EventSnapshot) => `event_${event.name}`;
const commandKey = (command: CommandSnapshot) => `command_${command.name}`;
const ackKey = (command: CommandSnapshot) => `ack_${command.name}`;
const channelOf = (command: CommandSnapshot) => command.room ?? SOCKET;
const component = (key: string) => ({ $ref: `#/components/messages/${key}` });

function channels(snapshot: ContractSnapshot): Record<string, unknown> {
  const messages = (kind: string) =>
    Object.fromEntries([
      ...snapshot.events
        .filter((event) => event.audience === kind)
        .map((event) => [eventKey(event), component(eventKey(event))]),
      ...snapshot.commands
        .filter((command) => channelOf(command) === kind)
        .map((command) => [commandKey(command), component(commandKey(command))]),
      ...(kind === SOCKET ? snapshot.commands.map((command) => [ackKey(command), component(ackKey(command))]) : []),
    ]);
  return {
    ...Object.fromEntries(
      snapshot.rooms.map((room) => [room.kind, { ...roomChannel(room), messages: messages(room.kind) }]),
    ),
    [SOCKET]: {
      address: null,
      title: "The connection that asked",
      description: "Events to one connection, commands without a room, and acknowledgements.",
      messages: messages(SOCKET),
    },
  };
}

function roomChannel({ kind, prefix, parameter, options }: RoomSnapshot): Record<string, unknown> {
  const entered =
    options.enter === "authenticated"
      ? "Every connection of the user is in it from the moment it is authenticated."
      : options.join === undefined
        ? "The server puts connections into it."
        : `Entered by ${options.join}, left by ${options.leave}.`;
  return {
    address: `${prefix}{${parameter}}`,
    title: `Room ${kind}`,
    description: entered,
    parameters: { [parameter]: { description: "1 to 128 characters, NFC, without control characters." } },
  };
}

function sendOperation(event: EventSnapshot): Record<string, unknown> {
  return {
    action: "send",
    channel: { $ref: `#/channels/${event.audience}` },
    summary: event.summary,
    messages: [{ $ref: `#/channels/${event.audience}/messages/${eventKey(event)}` }],
    tags: [{ name: event.lane }],
    "x-lane": event.lane,
    "x-recovered": event.recover,
    ...(event.coalesce ? { "x-coalesce": event.coalesce } : {}),
  };
}

function receiveOperation(command: CommandSnapshot): Record<string, unknown> {
  return {
    action: "receive",
    channel: { $ref: `#/channels/${channelOf(command)}` },
    summary: command.summary,
    messages: [{ $ref: `#/channels/${channelOf(command)}/messages/${commandKey(command)}` }],
    reply: {
      channel: { $ref: `#/channels/${SOCKET}` },
      messages: [{ $ref: `#/channels/${SOCKET}/messages/${ackKey(command)}` }],
    },
    "x-offline": command.offline,
    ...(command.serial === undefined ? {} : { "x-serial": command.serial }),
  };
}

function eventMessage(event: EventSnapshot, examples: readonly object[]): Record<string, unknown> {
  return {
    name: event.name,
    title: event.appName,
    summary: event.summary,
    payload: payloadForm({ ...event, shape: event.payload }, documentPlace()),
    examples: examples.map((payload) => ({ payload })),
    ...(event.deprecated === undefined ? {} : { description: `Deprecated: ${event.deprecated}` }),
    "x-since": event.since,
    ...(Object.keys(event.derive).length === 0 ? {} : { "x-derive": event.derive }),
    ...(event.emitter === undefined ? {} : { "x-emitter": event.emitter }),
  };
}

function commandMessage(command: CommandSnapshot, examples: readonly object[]): Record<string, unknown> {
  return {
    name: command.name,
    title: command.name,
    summary: command.summary,
    payload: payloadForm({ ...command, derive: {}, shape: command.payload }, documentPlace()),
    examples: examples.map((payload) => ({ payload })),
    ...(command.deprecated === undefined ? {} : { description: `Deprecated: ${command.deprecated}` }),
    "x-since": command.since,
  };
}

function ackMessage(command: CommandSnapshot): Record<string, unknown> {
  const { description: _, ...data } = payloadForm({ ...command, derive: {}, shape: command.ack }, documentPlace());
  const refusal = {
    type: "object",
    properties: {
      code: {
        type: "string",
        description: "A code of the library or of the command.",
        examples: [...command.refusals, ...errorCodes.slice(-1)],
      },
      path: { type: "string" },
      retry_after_ms: { type: "number", minimum: 0 },
    },
    required: ["code"],
  };
  return {
    name: `${command.name} acknowledgement`,
    title: `Answer to ${command.name}`,
    summary: "The command's data, or why it was refused.",
    payload: {
      oneOf: [
        { type: "object", properties: { ok: { const: true }, data }, required: ["ok", "data"] },
        { type: "object", properties: { ok: { const: false }, error: refusal }, required: ["ok", "error"] },
      ],
    },
    "x-refusals": command.refusals,
  };
}

// A document for people: the 32 levels of plain JSON are said in words.
function documentPlace(): SchemaPlace {
  return {
    role: "writer",
    refer: (name): JsonSchema =>
      name === "key" ? { not: { const: "__proto__" } } : { description: "Plain JSON to depth 32." },
    leaveOut: () => {},
  };
}
