import { performance } from "node:perf_hooks";
import type { CommandEntry, Contract } from "../contract/contract.js";
import { errorCodes } from "../contract/error-codes.js";
import { CommandRefusal, ContractError } from "../contract/errors.js";
import { type Answer, type AnswerError, refused } from "./answer.js";
import type { Backend } from "./backend.js";
import type { Connection } from "./connection.js";
import type { PayloadBounds } from "./payload-bounds.js";
import { checkReceived } from "./received-command.js";
import type { Reports } from "./reports.js";
import type { NamedRoom, Rights } from "./rights.js";
import { type AnyHandler, Running, type RunningOptions } from "./running-command.js";
import { Turns } from "./turns.js";

/** What the library itself does with a command of a role, in place of a handler; it answers once. */
export type LibraryHandler = (
  connection: Connection,
  payload: Readonly<Record<string, unknown>>,
  room: NamedRoom | undefined,
  answer: (answer: Answer) => void,
) => Promise<void>;

/** A command as it came in, not judged yet. */
export interface Received {
  readonly name: string;
  readonly payload: unknown;
  readonly id: string | undefined;
}

const libraryCodes: ReadonlySet<string> = new Set(errorCodes);

/** Judges, orders and carries out commands. Handlers are looked up in a map, so that no name reaches anything else. */
export class Commands {
  private readonly handlers = new Map<string, AnyHandler>();
  private readonly library = new Map<string, LibraryHandler>();
  /** Commands that came in and are not answered yet. */
  private open = 0;
  private idle: (() => void) | undefined;
  /** Those with an id that came and are not begun, by user and id: what is sent again may be waiting on a connection before. */
  private readonly waiting = new Map<string, Promise<void>>();
  /** One that is sent again starts after itself: what follows overtakes it on neither connection of its user. */
  private readonly starting: Turns;
  /** Commands that came and have no handler. */
  private readonly unhandled = new Set<string>();
  /** Those of a user in a room that have `serial: "room"`. */
  private readonly serial = new Turns();
  private readonly reports: Reports;

  constructor(
    private readonly contract: Contract,
    private readonly backend: Backend,
    private readonly rights: Rights,
    private readonly running: RunningOptions,
    private readonly bounds: PayloadBounds,
  ) {
    this.reports = running.reports;
    this.starting = new Turns(running.timeoutMs);
  }

  handle(name: string, handler: AnyHandler): void {
    if (!this.contract.commands.has(name))
      throw new ContractError("unknown_command", `the contract ${this.contract.name} has no such command`, {
        event: name,
      });
    if (this.handlers.has(name) || this.library.has(name)) {
      const sentence = this.library.has(name) ? "the library answers this command itself" : "it has a handler already";
      throw new ContractError("already_handled", sentence, { event: name });
    }
    if (typeof handler !== "function")
      throw new ContractError("not_handled", "give a function as its handler", { event: name });
    this.handlers.set(name, handler);
  }

  /** Serves a command of a role. */
  serve(name: string | undefined, handler: LibraryHandler): void {
    if (name !== undefined) this.library.set(name, handler);
  }

  /** Whether the library carries a command out itself. */
  isOwn(name: unknown): boolean {
    return this.library.has(name as string);
  }

  /** Refuses what a user asks who asked for too much, whatever it is. */
  limit(name: unknown, retry_after_ms?: number): Answer {
    const command = this.contract.commands.get(name as string);
    const hint = retry_after_ms === undefined ? {} : { retry_after_ms };
    return this.refuse(command?.name ?? "", { code: "rate_limited", ...hint });
  }

  /** As `limit`, unless it was begun before: who is refused what was carried out would offer it anew. */
  async limitNew(
    connection: Connection,
    received: Received,
    answer: (answer: Answer) => void,
    waitMs?: number,
  ): Promise<void> {
    const { name, id } = received;
    const { userId } = connection;
    const command = this.contract.commands.get(name);
    if (command && id !== undefined) {
      await this.waiting.get(keyOf(userId, id));
      const again = () => void this.limitNew(connection, received, answer, waitMs);
      if (await this.isAnswered(command, userId, id, answer, again)) return;
      this.finish(command.name, userId, id);
    }
    answer(this.limit(name, waitMs));
  }

  /** Takes a command of a connection; `answer` is called once, and never where the server stops before its turn. */
  receive(connection: Connection, received: Received, answer: (answer: Answer) => void): void {
    const { name, payload, id } = received;
    const command = this.contract.commands.get(name);
    if (!command) {
      answer(this.refuse("", { code: "unknown_command" }));
      return;
    }
    this.reports.count("commands", 1, name, "");
    const library = this.library.get(name);
    const task = library && (() => this.attempt(connection, command, payload, library, answer));
    // Membership is state and has an order of its own; a ping has none.
    if (task && command.room === undefined) {
      void task();
      return;
    }
    const kind = task ? "rooms" : "commands";
    const isFull = connection.isFull(kind);
    if (task) {
      if (isFull) answer(this.limit(name));
      else void connection.inOrder(kind, task);
      return;
    }
    if (isFull) {
      void this.limitNew(connection, received, answer);
      return;
    }
    this.open++;
    const start = () =>
      this.start(connection, command, payload, id, (result) => {
        if (--this.open === 0) this.idle?.();
        answer(result);
      });
    if (id === undefined) {
      void connection.inOrder(kind, start);
      return;
    }
    const key = keyOf(connection.userId, id);
    const begun = connection.inOrder(kind, () => this.starting.take(key, start));
    this.waiting.set(key, begun);
    void begun.then(() => this.waiting.get(key) === begun && this.waiting.delete(key));
  }

  /** Commands that wait or run. */
  get size(): number {
    return this.open;
  }

  /** Settles once every command is answered. */
  finished(): Promise<void> {
    return new Promise((resolve) => {
      this.idle = resolve;
      if (this.open === 0) resolve();
    });
  }

  /** Settles once the command has started, so that the next may. */
  private async start(
    connection: Connection,
    command: CommandEntry,
    payload: unknown,
    id: string | undefined,
    answer: (answer: Answer) => void,
  ): Promise<void> {
    // It is the next server's to run, like what comes from now on; one that is begun here as late would be waited for there.
    if (this.running.stopping.aborted) return;
    const { userId } = connection;
    const again = () => void this.start(connection, command, payload, id, answer);
    if (id !== undefined && (await this.isAnswered(command, userId, id, answer, again))) return;
    // Of a serial one: the next has its turn.
    let over = (): void => {};
    const finish = (result?: Answer): void => {
      over();
      if (id !== undefined) this.finish(command.name, userId, id, result);
      if (result) answer(result);
    };
    try {
      const checked = this.check(connection, command, payload);
      if ("code" in checked) return finish(this.refuse(command.name, checked));
      const { known, room } = checked;
      if (room && command.serial !== undefined) over = await this.serialTurn(`${room.name}\n${userId}`);
      // Not before its turn: a right may be taken back meanwhile.
      if (room && (await this.rights.ask(connection.user, "send", room, command.name)) === false)
        return finish(this.refuse(command.name, { code: "forbidden" }));
      const handler = this.handlers.get(command.name);
      if (!handler) {
        this.tellUnhandled(command.name);
        return finish(this.refuse(command.name, { code: "not_handled" }));
      }
      if (this.running.stopping.aborted) return finish();
      const begun = performance.now();
      const running = new Running(connection, command, id, this.running);
      const end = (result?: Answer): void => {
        this.reports.observe("handler", performance.now() - begun, 1, command.name, "");
        // What an answer of getters makes of being encoded is nobody's rejection.
        this.reports.guard({ during: "command", command: command.name, userId }, () => finish(result));
      };
      // Where what it threw throws as it is read.
      const broken = () => end(refused("internal"));
      void running.run(handler, known, (error) => this.codeOf(error, command, userId)).then(end, broken);
    } catch (error) {
      finish(refused(this.codeOf(error, command, userId)));
    }
  }

  /** Settles with what ends the turn, once it is there; whatever has it may not end before the server does. */
  private serialTurn(key: string): Promise<() => void> {
    const { stopping } = this.running;
    return new Promise((begin) => {
      const stop = (): void => begin(() => {});
      stopping.add(stop);
      void this.serial.take(key, () => {
        stopping.delete(stop);
        return new Promise<void>((over) => begin(over));
      });
    });
  }

  /** Answers a command that was begun before; one whose past is not known is not run, and may be sent again. */
  private async isAnswered(
    command: CommandEntry,
    userId: string,
    id: string,
    answer: (answer: Answer) => void,
    again: () => void,
  ): Promise<boolean> {
    const unknown = (error: unknown): void => {
      this.reports.error(error, { during: "backend", command: command.name, userId }, "backend_unavailable");
      answer(this.refuse(command.name, { code: "backend_unavailable" }));
    };
    try {
      const verdict = await this.backend.begin(userId, id);
      if (verdict.do === "run") return false;
      if (verdict.do === "answer") answer(JSON.parse(verdict.answer) as Answer);
      else
        void verdict.answer
          .then((kept) => kept && (JSON.parse(kept) as Answer))
          .then((kept) => (kept ? answer(kept) : again()), unknown);
    } catch (error) {
      unknown(error);
    }
    return true;
  }

  private finish(command: string, userId: string, id: string, result?: Answer): void {
    this.reports.guard({ during: "backend", command, userId }, () =>
      this.backend.finish(userId, id, result && JSON.stringify(result)),
    );
  }

  private async attempt(
    connection: Connection,
    command: CommandEntry,
    payload: unknown,
    library: LibraryHandler,
    answer: (answer: Answer) => void,
  ): Promise<void> {
    try {
      const judged = this.check(connection, command, payload);
      if ("code" in judged) answer(this.refuse(command.name, judged));
      else await library(connection, judged.known, judged.room, answer);
    } catch (error) {
      answer(refused(this.codeOf(error, command, connection.userId)));
    }
  }

  private check({ userId }: Connection, command: CommandEntry, payload: unknown) {
    return checkReceived(this.contract, this.rights, userId, command, payload, this.bounds);
  }

  /** Once a command: whoever runs the server forgot it, and only players are told. */
  private tellUnhandled(command: string): void {
    if (this.unhandled.has(command)) return;
    this.unhandled.add(command);
    this.reports.log("warn", { code: "not_handled", command }, "command without a handler");
  }

  private refuse(name: string, error: AnswerError): Answer {
    this.reports.count("rejected", 1, name, error.code);
    return { ok: false, error };
  }

  /** What of a thrown value may be told: a declared refusal's code, else that something went wrong here. */
  private codeOf(error: unknown, command: CommandEntry, userId: string): AnswerError {
    if (error instanceof CommandRefusal && (command.refusals.includes(error.code) || libraryCodes.has(error.code))) {
      this.reports.count("rejected", 1, command.name, error.code);
      return error.retryAfterMs === undefined
        ? { code: error.code }
        : { code: error.code, retry_after_ms: error.retryAfterMs };
    }
    this.reports.count("rejected", 1, command.name, "internal");
    this.reports.error(error, { during: "command", command: command.name, userId });
    return { code: "internal" };
  }
}

function keyOf(userId: string, id: string): string {
  return `${userId}\n${id}`;
}
