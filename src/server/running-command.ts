import type { CommandEntry } from "../contract/contract.js";
import type { ContractTypes } from "../contract/contract-types.js";
import { CommandRefusal, ContractError } from "../contract/errors.js";
import { refusalOf } from "../contract/refusal.js";
import { type Answer, type AnswerError, applied, refused } from "./answer.js";
import type { AuthenticatedUser } from "./authenticate.js";
import type { Connection } from "./connection.js";
import type { CommandHandler } from "./event-server.js";
import type { Reports } from "./reports.js";
import type { SocketEvents } from "./socket-events.js";
import type { Stopping } from "./stopping.js";
import { isThenable } from "./thenable.js";
import { late, within } from "./within.js";

/** A handler as it is kept: its types are checked where it is registered. */
export type AnyHandler = CommandHandler<ContractTypes, AuthenticatedUser, string>;

/** What every command that runs needs. */
export interface RunningOptions {
  readonly sockets: SocketEvents;
  /** ms */
  readonly timeoutMs: number;
  readonly stopping: Stopping;
  readonly reports: Reports;
}

/** One command from the start of its handler to its answer; it is the context that the handler is given. */
export class Running {
  private controller: AbortController | undefined;
  private over = false;
  private readonly stop = (): void => this.controller?.abort();

  constructor(
    private readonly connection: Connection,
    private readonly command: CommandEntry,
    readonly commandId: string | undefined,
    private readonly options: RunningOptions,
  ) {}

  get user(): AuthenticatedUser {
    return this.connection.user;
  }

  get userId(): string {
    return this.connection.userId;
  }

  // Made when it is asked for: most handlers never do.
  get signal(): AbortSignal {
    if (!this.controller) {
      this.controller = new AbortController();
      if (this.over) this.stop();
      else this.options.stopping.add(this.stop);
    }
    return this.controller.signal;
  }

  get sender() {
    const { connection, options } = this;
    return {
      id: connection.socket.id,
      emit: (name: string, input: object) =>
        options.sockets.emit(connection.closed ? undefined : connection, name, input),
    };
  }

  refuse(code: string, hint?: { readonly retryAfterMs?: number }): CommandRefusal {
    return new CommandRefusal(code, hint);
  }

  /** Runs the handler and makes an answer of whatever comes of it, none where it gave up as the server stops. */
  async run(
    handler: AnyHandler,
    payload: object,
    explain: (error: unknown) => AnswerError,
  ): Promise<Answer | undefined> {
    try {
      // Called at once: the order of starts is the order of commands.
      const given = handler(payload as never, this as never) as unknown;
      if (!isThenable(given)) return this.answer(given);
      const result = Promise.resolve(given);
      const data = await within(this.options.timeoutMs, result, true);
      if (data !== late) return this.answer(data);
      // What becomes of it now is nobody's answer, but not an unhandled rejection either.
      result.catch((error) => explain(error));
      this.stop();
      const { options, command, userId } = this;
      options.reports.error(unanswered(), { during: "command", command: command.name, userId });
      return refused(explain(new CommandRefusal("timeout")));
    } catch (error) {
      // One that does not look at its signal is run again by the next server, too, once this one is gone.
      if (this.options.stopping.aborted && this.isAbort(error)) return undefined;
      return refused(explain(error));
    } finally {
      this.over = true;
      this.options.stopping.delete(this.stop);
    }
  }

  private answer(result: unknown): Answer {
    if (result instanceof CommandRefusal)
      throw new ContractError("payload_invalid", "the handler gave a refusal back: throw it", {
        event: this.command.name,
      });
    const data = result ?? {};
    const refusal = refusalOf(this.command.ack, data, "writer");
    if (!refusal) return applied(data);
    const { cause, ...issue } = refusal;
    const { path, expected, got } = issue;
    throw new ContractError(
      "payload_invalid",
      `the handler's answer${path === "" ? "" : ` at ${path}`}: expected ${expected}, got ${got}`,
      { event: this.command.name, direction: "server_to_client", issue, cause },
    );
  }

  /** Whatever is given the signal throws its reason, or an error of the same name. */
  private isAbort(error: unknown): boolean {
    return this.controller !== undefined && (error as { name?: unknown } | null | undefined)?.name === "AbortError";
  }
}

const unanswered = () =>
  new ContractError("timeout", "the handler did not answer in commandTimeoutMs; give what it waits for a limit");
