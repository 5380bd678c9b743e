import type { Contract } from "../contract/contract.js";
import { CommandError } from "../contract/errors.js";
import { refusalOf } from "../contract/refusal.js";
import { createCommandQueue } from "../delivery/command-queue.js";
import { isEnvelope } from "../delivery/envelope.js";
import { wireVersion } from "../delivery/hello.js";
import { unpackEvents } from "../delivery/pack.js";
import { toReceived } from "../delivery/received-event.js";
import { createAlarm } from "./alarm.js";
import { type Channel, createChannel } from "./channel.js";
import { type Commands, createCommands } from "./commands.js";
import type { WritableConnectionStore } from "./connection-store.js";
import { type ConnectorOptions, createConnector, type Farewell } from "./connector.js";
import type { DeliveryReport } from "./delivery-report.js";
import type { Attempt, HandOn, ReceiveCounts, Refused } from "./handing-on.js";
import { type ReadHello, readHello } from "./hello.js";
import { createIdentity, roomsOfUser } from "./identity.js";
import { inTime } from "./in-time.js";
import { bareMeta } from "./listeners.js";
import type { Tell } from "./local-events.js";
import { createId } from "./random-id.js";
import { createRooms, type Rooms } from "./rooms.js";
import type { CommandStorage } from "./stored-commands.js";

export interface SessionOptions extends ConnectorOptions {
  readonly contract: Contract;
  readonly auth: object | (() => object | Promise<object>);
  readonly userId?: string | undefined;
  readonly storage?: CommandStorage | undefined;
  readonly helloTimeoutMs?: number | undefined;
  readonly headsIntervalMs?: number | undefined;
  readonly counts: ReceiveCounts;
  readonly handOn: HandOn;
  readonly tell: Tell;
  /** Tells what went wrong outside a command. */
  readonly fail: (code: string, error?: unknown) => void;
  readonly refused: Refused;
  readonly attempt: Attempt;
  readonly report: DeliveryReport | undefined;
}

/** What one connection after the other has in common: who the client is, its rooms, its commands, and what frames mean. */
export interface Session {
  readonly rooms: Rooms;
  readonly commands: Commands;
  /** Connects; while waiting for the next attempt, tries at once. */
  connect(): void;
  /** Disconnects. `forget` also leaves every room, and removes what is kept for the next page. */
  close(forget: boolean): void;
}

// A server that has announced itself before is more likely slow than replaced by a plain one, which would cost the queue.
const patience = 15;

// While offline so much may wait: 200 commands, 256 KiB, 2 minutes.
export const queueLimits = { maxCount: 200, maxBytes: 262_144, maxAgeMs: 120_000 };

/** Makes the session of a client that is not connected. */
export function createSession(url: string, store: WritableConnectionStore, options: SessionOptions): Session {
  const { contract, auth, userId, helloTimeoutMs = 2_000 } = options;
  const { clock, counts, handOn, refused, tell, fail } = options;
  const client = createId();
  const spoken = `${contract.name}@${contract.version}`;
  const queue = createCommandQueue(queueLimits, userId);
  const keeper = options.storage?.({
    queue,
    contract: contract.name,
    clock,
    failed: (error) => fail("internal", error),
  });
  let channel: Channel | undefined;
  let restoring: Promise<void> | undefined;
  let wasAnnounced = false;

  async function readAuth(): Promise<object> {
    // Not at once: whoever is asked may close the client, and what is only being begun cannot be hung up yet.
    await undefined;
    return typeof auth === "function" ? (auth as () => object | Promise<object>)() : auth;
  }

  async function renewCredential(on: Channel): Promise<void> {
    try {
      on.request("$auth", [{ auth: await readAuth() }], (answer) => {
        if (!answer.ok && !answer.lost) fail(answer.code);
      });
    } catch (error) {
      // Once the connection is gone, whoever opens the next one reads it.
      if (channel === on) fail("unauthenticated", error);
    }
  }

  // Takes up what earlier pages of this user left; nothing goes out before.
  function restore(user: string | undefined): void {
    if (!keeper || !user) return;
    const own = inTime(keeper.open(user).then(commands.restored)).then(() => {
      // Another one has begun, or the connection that it was for is gone.
      if (restoring !== own) return;
      restoring = undefined;
      commands.open();
    });
    restoring = own;
  }

  const checkData = async (command: string, data: unknown) => {
    const entry = contract.commands.get(command);
    const refusal = entry && refusalOf(entry.ack, data, "reader");
    if (!refusal) return data;
    // Not in the middle of an entry: whoever is told may close the client.
    await undefined;
    refused(command, refusal);
    throw new CommandError("payload_invalid", { ...refusal, command });
  };
  const withIdentity = createIdentity(contract, userId);
  const rooms = createRooms({
    ...options,
    checkData,
    settled: () => commands.open(),
    renew: () => connector.end("lost", "epoch_changed"),
  });
  const commands = createCommands({
    ...options,
    queue,
    checkData,
    isEntering: () => restoring !== undefined || rooms.busy,
    changed: () => keeper?.save(),
  });

  /** How long nothing was heard: who says no more is a plain server. */
  const silence = createAlarm(clock, () => become());

  /** A server that has said `$hello` is announced, any other plain. */
  function become(hello?: ReadHello): void {
    const on = channel;
    if (!on) return;
    silence.stop();
    on.announced = wasAnnounced = hello !== undefined;
    const user = hello ? hello.user : userId;
    const told = { mode: hello ? "announced" : "plain", userId: user } as const;
    const terms = hello ?? { user: user ?? "", windowMs: 0, maxBytes: Infinity };
    commands.attach(on, terms, () => store.update({ status: "connected", reason: undefined, attempt: 0, ...told }));
    // Whoever is told of any of this may close the client.
    if (channel === on) rooms.attach(on, hello?.rooms, roomsOfUser(contract, user), hello?.recovers);
    if (channel === on) restore(terms.user);
    if (channel !== on) return;
    tell("ws:connected", told);
    commands.open();
  }

  function event(name: string, payload: unknown, envelope: unknown): void {
    if (channel?.announced && isEnvelope(envelope)) {
      if (envelope.epoch) rooms.receive(toReceived(name, payload, envelope));
      else handOn(name, payload, { ...bareMeta, at: envelope.at });
    } else handOn(name, payload, bareMeta);
  }

  function library(name: string, body: unknown, items: unknown): void {
    const { room, code } = (body ?? {}) as { readonly [key: string]: unknown };
    if (name === "$pack") {
      const events = unpackEvents(body, items);
      if (events) for (const each of events) rooms.receive(each);
      else counts.invalid++;
    } else if (name === "$left") rooms.closed(room as string, typeof code === "string" ? code : "revoked");
    else if (name === "$bye" && typeof code === "string") {
      connector.farewell(body as Farewell);
      // What else comes before its end makes no plain server of one that speaks like this.
      if (channel) channel.announced ??= false;
    } else if (name === "$warn" && channel) void renewCredential(channel);
  }

  const connector = createConnector(url, options, store, {
    readAuth: async () => ({
      ...(await readAuth()),
      $events: { v: wireVersion, contract: spoken, client, cursors: rooms.cursors(true) },
    }),
    opened(socket) {
      channel = createChannel(socket, withIdentity);
      silence.within(helloTimeoutMs * (wasAnnounced ? patience : 1));
    },
    frame([first, body, more]) {
      const name = String(first);
      const announced = channel?.announced;
      if (name[0] !== "$") {
        // A server of either kind may send what is no event of the contract, by Socket.IO's own means.
        if (announced === undefined && contract.events.has(name)) become();
        // Whoever is told of that may close the client.
        if (channel) event(name, body, more);
      } else if (name === "$hello") {
        const hello = announced ? undefined : readHello(body, spoken);
        if (hello && !hello.speaks) connector.end("refused", "version_mismatch");
        else if (hello) become(hello);
      } else if (announced || name === "$bye") library(name, body, more);
    },
    closed(reason) {
      silence.stop();
      restoring = undefined;
      rooms.detach();
      channel = undefined;
      commands.detach(reason);
      tell("ws:disconnected", { reason });
    },
    failed: fail,
  });

  return {
    rooms,
    commands,
    connect() {
      // What is sent before the first connection is kept as well, where it is known whose it is.
      restore(userId);
      connector.connect();
    },
    close(forget) {
      connector.close();
      keeper?.close(forget);
      // What is sent from here on is whoever's comes next.
      if (forget) queue.user = userId ?? "";
      commands.close();
      rooms.close(forget);
    },
  };
}
