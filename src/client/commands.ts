import type { CommandEntry, Contract } from "../contract/contract.js";
import { CommandError, type CommandErrorDetails } from "../contract/errors.js";
import { refusalOf } from "../contract/refusal.js";
import * as words from "../contract/words.js";
import type { Command, CommandQueue, CommandState, QueuedCommand } from "../delivery/command-queue.js";
import { createAlarm } from "./alarm.js";
import { type Answer, stateOfRefused } from "./answer.js";
import type { Channel } from "./channel.js";
import type { Clock } from "./clock.js";
import { createDeferred } from "./deferred.js";
import type { Tell } from "./local-events.js";
import { createId } from "./random-id.js";

/** What may be said beside a command's payload. */
export interface SendOptions {
  /** How long an answer is waited for, ms; shorter than the queue's own limit of 2 minutes. */
  readonly ttlMs?: number | undefined;
}

export interface CommandsOptions {
  readonly contract: Contract;
  readonly queue: CommandQueue;
  readonly clock: Clock;
  readonly tell: Tell;
  /** Checks the data of an acknowledgement; rejects with what is wrong with it. */
  readonly checkData: (command: string, data: unknown) => Promise<unknown>;
  /** Whether rooms are being entered: what is sent now may need them, and waits. */
  readonly isEntering: () => boolean;
  /** Stores the changed queue; nothing is written to the server before a promise that it gives is fulfilled. */
  readonly changed: () => Promise<void> | undefined;
}

/** On which terms a connection takes commands. */
export interface CommandTerms {
  readonly user: string;
  /** How long the server keeps answers, ms; 0 for a plain one. */
  readonly windowMs: number;
  /** The largest payload that the server takes, bytes of JSON. */
  readonly maxBytes: number;
}

/** Commands from `send` to their answer. */
export interface Commands {
  send(name: string, payload: object, options?: SendOptions): Promise<unknown>;
  /**
   * A connection is there; nothing goes out before `open`. `tellConnected` is called once what is sent is this user's, and
   * before anybody is told of what was another's: whoever sends something then sends it as whom the store says.
   */
  attach(channel: Channel, terms: CommandTerms, tellConnected: () => void): void;
  /** Whoever is told of the connection was told: writes what waited, in the order in which it was sent, once rooms are entered. */
  open(): void;
  /** The connection is gone, and with it the answers of what does not wait for another one. */
  detach(reason: string): void;
  /** Takes up what an earlier page left in the queue. */
  restored(commands: readonly QueuedCommand[]): void;
  /** Answers everything that has no answer yet with `closed`. */
  close(): void;
}

/** So long Socket.IO keeps the place for an acknowledgement, ms: no less than any command waits. */
const ackTimeoutMs = 300_000;

/** Makes the sending half of a client. */
export function createCommands(options: CommandsOptions): Commands {
  const { contract, queue, clock, tell, checkData, isEntering, changed } = options;
  const membership = [...contract.roomKinds.values()].flatMap(({ join, leave }) => [join, leave]);
  let channel: Channel | undefined;
  let maxBytes = 0;
  let isOpen = false;
  let releasing = false;
  const alarm = createAlarm(clock, () => {
    const expired = queue.expire(clock());
    changed();
    refuseAll(expired, "expired");
    expireInTime();
  });
  const expireInTime = () => alarm.within(queue.dueAt - clock());

  function tellState({ id, name }: Command, state: CommandState, code?: string): void {
    tell("ws:command", { id, name, state, code });
  }

  /** What has an answer, whatever it is, is kept for no other page. */
  function takeOut(command: Command): void {
    if (queue.answered(command)) changed();
  }

  function refuse(command: Command, code: string, details?: CommandErrorDetails): void {
    takeOut(command);
    // Nobody was told of one of an earlier page before it was judged.
    if (!command.known) return;
    const { id, name, sender } = command;
    sender?.reject(new CommandError(code, { ...details, command: name, commandId: id }));
    tellState(command, stateOfRefused(code), code);
  }

  function refuseAll(commands: readonly QueuedCommand[], code: string): void {
    for (const command of commands) refuse(command, code);
  }

  function write(command: QueuedCommand): void {
    const on = channel;
    if (!on || !queue.has(command)) return;
    if (command.bytes > maxBytes) refuse(command, "payload_too_large");
    // The alarm of a page that slept rings after what came meanwhile.
    else if (command.expiresAt <= clock()) refuse(command, "expired");
    else {
      tellState(command, "sent");
      const { name, payload, id } = command;
      on.command(name, payload as object, (answer) => answered(command, answer, on.announced), id, ackTimeoutMs);
    }
  }

  function answered(command: QueuedCommand, answer: Answer, announced: Channel["announced"]): void {
    // Silence is no answer: the command is written again on the next connection, or expires.
    if (answer.lost || !queue.has(command)) return;
    if (announced && !answer.ok) refuse(command, answer.code, answer);
    else {
      takeOut(command);
      command.sender?.resolve(announced ? checkData(command.name, answer.body.data) : undefined);
      tellState(command, "applied");
    }
  }

  const isHeld = () => !isOpen || isEntering();

  /** Writes what waits, in order: what a handler sends meanwhile comes after it. */
  function release(): void {
    if (releasing) return;
    releasing = true;
    try {
      while (!isHeld()) {
        const ready = queue.ready();
        if (!ready.length) break;
        const on = channel;
        const stored = changed();
        // Another connection than the one it was meant for has its own turn to write it.
        if (stored) void stored.then(() => on === channel && ready.forEach(write));
        else ready.forEach(write);
      }
    } finally {
      releasing = false;
    }
  }

  return {
    send(name, payload, { ttlMs } = {}) {
      const commandId = createId();
      const entry = contract.commands.get(name);
      const refusal = entry && refusalOf(entry.payload, payload, "writer");
      const code = !entry
        ? "unknown_command"
        : membership.includes(name)
          ? "command_invalid"
          : refusal && "payload_invalid";
      if (code) return Promise.reject(new CommandError(code, { ...refusal, command: name, commandId }));
      // As it is now: what the caller does to it while it waits changes nothing.
      const text = JSON.stringify(payload);
      const bytes = new TextEncoder().encode(text).length;
      const { offline } = entry as CommandEntry;
      const sender = createDeferred<unknown>(offline === "drop");
      const command = { id: commandId, name, payload: JSON.parse(text), bytes, offline, sender, known: true };
      const queued = queue.offer(command, clock(), ttlMs);
      if (typeof queued === "string") refuse(command, queued);
      else {
        alarm.within(queued.expiresAt - clock());
        tellState(command, "queued");
        if (isHeld()) changed();
        else release();
      }
      return sender.promise;
    },
    attach(on, terms, tellConnected) {
      const { foreign, lost, expired } = queue.connected(terms.user, terms.windowMs, clock());
      channel = on;
      maxBytes = terms.maxBytes;
      isOpen = false;
      // Before anything that is the application's is called, a storage of its own included.
      tellConnected();
      changed();
      // Where this server keeps its answers for less long, they expire sooner.
      expireInTime();
      // Never sent as another.
      refuseAll(foreign, "identity_mismatch");
      refuseAll(lost, "timeout");
      refuseAll(expired, "expired");
    },
    open() {
      isOpen = channel !== undefined;
      release();
    },
    detach(reason) {
      channel = undefined;
      isOpen = false;
      const lost = queue.disconnected();
      changed();
      for (const command of lost)
        refuse(command, reason === "closed" ? "closed" : command.sent ? "timeout" : "offline");
    },
    restored(commands) {
      for (const command of commands) {
        // It was given up while others were read: at a close, or as another user connected.
        if (!queue.has(command)) continue;
        command.known = true;
        // An earlier page may have been of an earlier version.
        const entry = contract.commands.get(command.name);
        const refusal = entry && refusalOf(entry.payload, command.payload, "writer");
        if (!entry) refuse(command, "unknown_command");
        // The server leaves a field out that is gone since, as it does for pages that are open still.
        else if (refusal && refusal.expected !== words.unknownKey) refuse(command, "payload_invalid");
        // Its storage was slower than a plain connection.
        else if (command.sent && queue.plain) refuse(command, "timeout");
        else tellState(command, "queued");
      }
      expireInTime();
      release();
    },
    close() {
      alarm.stop();
      refuseAll(queue.clear(), "closed");
    },
  };
}
