import type { Socket } from "socket.io-client";
import type { Contract } from "../contract/contract.js";
import { CommandError } from "../contract/errors.js";
import { refusalOf } from "../contract/refusal.js";
import type { CommandQueue } from "../delivery/command-queue.js";
import { isEnvelope } from "../delivery/envelope.js";
import { unpackEvents } from "../delivery/pack.js";
import { toReceived } from "../delivery/received-event.js";
import { type Channel, createChannel } from "./channel.js";
import type { Clock } from "./clock.js";
import type { QueueKeeper } from "./command-storage.js";
import { type Commands, createCommands } from "./commands.js";
import type { WritableConnectionStore } from "./connection-store.js";
import type { Farewell } from "./connector.js";
import type { DeliveryReport } from "./delivery-report.js";
import type { HandOn, InvalidPayload, ReceiveCounts } from "./handing-on.js";
import { invalidOf } from "./handing-on.js";
import { compareHeads, type HeadComparison } from "./heads.js";
import { type ReadHello, readHello } from "./hello.js";
import { createIdentity, roomsOfUser } from "./identity.js";
import { inTime } from "./in-time.js";
import { bareMeta } from "./listeners.js";
import type { Tell } from "./local-events.js";
import { createRoomStreams } from "./room-streams.js";
import { createRooms, type Rooms } from "./rooms.js";

export interface SessionOptions {
  readonly contract: Contract;
  readonly userId: string | undefined;
  readonly helloTimeoutMs: number;
  readonly clock: Clock;
  readonly store: WritableConnectionStore;
  readonly queue: CommandQueue;
  readonly counts: ReceiveCounts;
  readonly handOn: HandOn;
  readonly tell: Tell;
  readonly onInvalid: (invalid: InvalidPayload) => void;
  /** Ends the connection: `lost` opens another, `refused` does not. */
  readonly end: (kind: "lost" | "refused", reason: string) => void;
  readonly farewell: (words: Farewell) => void;
  /** The server warns that the credential ends. */
  readonly warned: (channel: Channel) => void;
  readonly keeper: QueueKeeper | undefined;
  readonly report: DeliveryReport | undefined;
  readonly headsIntervalMs: number;
}

/** What one connection after the other has in common: rooms, commands, and what frames mean. */
export interface Session {
  readonly rooms: Rooms;
  readonly commands: Commands;
  opened(socket: Socket): void;
  frame(packet: readonly unknown[]): void;
  closed(reason: string): void;
  /** Takes up what earlier pages of this user left; nothing goes out before. */
  restore(user: string): void;
}

// A server that has announced itself before is more likely slow than replaced by a plain one, which would cost the queue.
const patience = 15;

export function createSession(options: SessionOptions): Session {
  const { contract, userId, clock, store, counts, handOn, tell, onInvalid, end, keeper } = options;
  let channel: Channel | undefined;
  let helloTimer: ReturnType<typeof setTimeout> | undefined;
  let restoring: Promise<void> | undefined;
  let wasAnnounced = false;
  let heads: HeadComparison | undefined;

  function openCommands(): void {
    if (!restoring && !rooms.busy) commands.open();
  }

  function restore(user: string): void {
    if (!keeper || !user) return;
    const own = inTime(keeper.open(user).then(commands.restored)).then(() => {
      // Another one has begun, or the connection that it was for is gone.
      if (restoring !== own) return;
      restoring = undefined;
      openCommands();
    });
    restoring = own;
  }

  const checkData = async (command: string, data: unknown) => {
    const entry = contract.commands.get(command);
    const refusal = entry && refusalOf(entry.ack, data, "reader");
    if (!refusal) return data;
    // Not in the middle of an entry: whoever is told may close the client.
    await undefined;
    counts.invalid++;
    onInvalid(invalidOf(command, refusal));
    throw new CommandError("payload_invalid", { command, path: refusal.path });
  };
  const withIdentity = createIdentity(contract, userId);
  const streams = createRoomStreams(
    () => performance.now(),
    handOn,
    tell,
    counts,
    () => heads?.soon(),
  );
  const rooms = createRooms({
    contract,
    streams,
    tell,
    checkData,
    settled: openCommands,
    renew: () => end("lost", "epoch_changed"),
  });
  const commands = createCommands({
    contract,
    queue: options.queue,
    clock,
    tell,
    checkData,
    isEntering: () => restoring !== undefined || rooms.busy,
    changed: () => keeper?.save(),
  });

  /** A server that has said `$hello` is announced, any other plain. */
  function become(hello?: ReadHello): void {
    const on = channel;
    if (!on) return;
    clearTimeout(helloTimer);
    on.announced = wasAnnounced = hello !== undefined;
    const user = hello ? hello.user : userId;
    const told = { mode: hello ? "announced" : "plain", userId: user } as const;
    store.update({ status: "connected", reason: undefined, attempt: 0, ...told });
    const terms = hello ?? { user: user ?? "", windowMs: 0, maxBytes: Number.POSITIVE_INFINITY };
    // Whoever is told of any of this may close the client.
    if (channel === on) commands.attach(on, terms);
    if (channel === on) rooms.attach(on, hello?.rooms ?? [], roomsOfUser(contract, user));
    if (channel !== on) return;
    if (hello?.recovers) heads = compareHeads(on, rooms, options.headsIntervalMs, options.report, clock);
    restore(terms.user);
    tell("ws:connected", told);
    openCommands();
  }

  function event(name: string, payload: unknown, envelope: unknown): void {
    if (channel?.announced && isEnvelope(envelope)) {
      if (envelope.epoch) streams.receive(toReceived(name, payload, envelope));
      else handOn(name, payload, { ...bareMeta, at: envelope.at });
    } else handOn(name, payload, bareMeta);
  }

  function library(name: string, body: unknown, items: unknown): void {
    const { room, code, ...hint } = (body ?? {}) as { readonly [key: string]: unknown };
    if (name === "$pack") {
      const events = unpackEvents(body, items);
      if (events) for (const each of events) streams.receive(each);
      else counts.invalid++;
    } else if (name === "$left") rooms.closed(room as string, typeof code === "string" ? code : "revoked");
    else if (name === "$bye" && typeof code === "string") options.farewell({ ...hint, code });
    else if (name === "$warn" && channel) options.warned(channel);
  }

  return {
    rooms,
    commands,
    restore,
    opened(socket) {
      channel = createChannel(socket, withIdentity);
      helloTimer = setTimeout(become, options.helloTimeoutMs * (wasAnnounced ? patience : 1));
    },
    frame([first, body, more]) {
      const name = String(first);
      const announced = channel?.announced;
      if (name[0] !== "$") {
        if (announced === undefined) become();
        // Whoever is told of that may close the client.
        if (channel) event(name, body, more);
      } else if (name === "$hello") {
        const hello = announced ? undefined : readHello(body, contract);
        if (hello && !hello.speaks) end("refused", "version_mismatch");
        else if (hello) become(hello);
      } else if (announced || name === "$bye") library(name, body, more);
    },
    closed(reason) {
      clearTimeout(helloTimer);
      heads?.stop();
      heads = restoring = undefined;
      rooms.detach();
      // Whoever still holds it knows by that that it is gone.
      if (channel) channel.announced = undefined;
      channel = undefined;
      commands.detach();
      tell("ws:disconnected", { reason });
    },
  };
}
