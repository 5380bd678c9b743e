import type { Contract } from "../contract/contract.js";
import { ContractError } from "../contract/errors.js";
import type { WaitingEvent } from "../delivery/coalesce.js";
import type { Emission } from "../delivery/stored-event.js";
import type { Backend } from "./backend.js";
import { checkInput, type EventPlan, encode, planEvents, toContractError } from "./emission.js";
import type { EmitOptions, EmitResult } from "./event-target.js";
import { Outboxes, type Ticket } from "./outboxes.js";
import type { Reports } from "./reports.js";
import { isThenable } from "./thenable.js";

const accepted: EmitResult = { ok: true };
const merged: EmitResult = { ok: true, coalesced: true };

/**
 * Takes an event from its emit to the backend: checked, encoded, in call order, after what waits in the same room.
 *
 * It knows no sockets, so a worker publishes through the same code as a server.
 */
export class Publisher {
  private readonly plans: ReadonlyMap<string, EventPlan>;
  private readonly outboxes = new Outboxes((room, events) => this.appendWaiting(room, events));

  constructor(
    private readonly contract: Contract,
    private readonly backend: Backend,
    private readonly reports: Reports,
    private readonly throwOnInvalid: boolean,
  ) {
    this.plans = planEvents(contract);
  }

  /** Emits to a room; `room` is an error where its identifier was none. */
  emit(
    room: string | ContractError,
    audience: string,
    name: string,
    input: object,
    options: EmitOptions | undefined,
    except: string | undefined,
  ): Promise<EmitResult> {
    const now = Date.now();
    let plan: EventPlan;
    let filled: Readonly<Record<string, unknown>>;
    let emission: Emission;
    try {
      plan = this.planFor(name, audience);
      if (typeof room !== "string") throw room;
      if (except !== undefined && plan.entry.recover) throw wrongAudience(name, "is recovered, so nobody is left out");
      filled = checkInput(plan, input, now);
      emission = encode(plan, filled);
    } catch (cause) {
      return Promise.resolve(this.refuse(toContractError(cause, name), name));
    }
    const { entry } = plan;
    this.reports.count("emitted", 1, name, entry.lane);
    const log = this.reports.debugging ? (seq?: number) => this.log(plan, room, filled, seq) : undefined;
    const appendId = (entry.recover && options?.appendId) || undefined;
    // One that leaves somebody out cannot be merged with one that does not, nor one that may be written already.
    if (plan.waits && except === undefined && appendId === undefined) {
      log?.();
      return this.wait(room, plan, emission);
    }
    const before = this.outboxes.before(room);
    if (before.length > 0) this.appendWaiting(room, before);
    return Promise.resolve(this.append(room, emission, entry.recover, now, appendId, except, log));
  }

  /** Checks an event for one socket, which no backend carries. */
  check(name: string, input: object): Emission | ContractError {
    try {
      const plan = this.planFor(name, "socket");
      const filled = checkInput(plan, input, Date.now());
      const emission = encode(plan, filled);
      this.reports.count("emitted", 1, name, emission.lane);
      if (this.reports.debugging) this.log(plan, undefined, filled, undefined);
      return emission;
    } catch (cause) {
      const error = toContractError(cause, name);
      this.refuse(error, name);
      return error;
    }
  }

  /** How many events wait for their like or their batch. */
  get waiting(): number {
    return this.outboxes.size;
  }

  /** Appends what waits, in every room. */
  flush(): void {
    this.outboxes.flush();
  }

  private planFor(name: string, audience: string): EventPlan {
    const plan = this.plans.get(name);
    if (!plan)
      throw new ContractError("unknown_event", `the contract ${this.contract.name} has no such event`, { event: name });
    if (plan.entry.audience !== audience)
      throw wrongAudience(name, `goes to ${plan.entry.audience}, not to ${audience}`);
    return plan;
  }

  private wait(room: string, { entry, merge }: EventPlan, emission: Emission): Promise<EmitResult> {
    const tickets: Ticket[] = [];
    const told = entry.lane === "low" ? undefined : new Promise<EmitResult>((resolve) => tickets.push(resolve));
    const joined = this.outboxes.wait(room, { emission, recover: entry.recover, merge, tickets });
    if (joined) this.reports.count("coalesced", 1, entry.name, entry.lane);
    return told ?? Promise.resolve(joined ? merged : accepted);
  }

  private appendWaiting(room: string, events: readonly WaitingEvent<Ticket>[]): void {
    const now = Date.now();
    for (const { emission, recover, tickets } of events) {
      if (emission.lane === "low") this.reports.count("batched", 1, emission.name, emission.lane);
      const appended = this.append(room, emission, recover, now);
      if (tickets.length > 0) void Promise.resolve(appended).then((result) => tell(tickets, result));
    }
  }

  /** Hands an event to the backend, now. Never throws, never rejects. */
  private append(
    room: string,
    emission: Emission,
    recover: boolean,
    at: number,
    appendId?: string,
    except?: string,
    log?: (seq?: number) => void,
  ): EmitResult | Promise<EmitResult> {
    try {
      const appended = recover
        ? this.backend.append(room, emission, at, appendId)
        : this.backend.publish(room, emission, at, except);
      if (!isThenable(appended)) {
        log?.(appended);
        return appended === undefined ? accepted : { ok: true, seq: appended };
      }
      const settled = Promise.resolve(appended).then((seq): EmitResult => {
        log?.(seq);
        return seq === undefined ? accepted : { ok: true, seq };
      });
      return settled.catch((cause) => this.fail(cause, emission, room));
    } catch (cause) {
      return this.fail(cause, emission, room);
    }
  }

  /** Logs and counts an emit that is not sent, and hands it to the error tracker. */
  private refuse(error: ContractError, name: string): EmitResult {
    // Labels of metrics are the contract's names: what it does not know has none.
    const event = this.plans.has(name) ? name : "";
    this.reports.count("refused", 1, event, error.code);
    this.reports.error(error, { during: "emit", event }, error.code);
    if (this.throwOnInvalid) throw error;
    return { ok: false, error };
  }

  private fail(cause: unknown, { name }: Emission, room: string): EmitResult {
    const event = name.slice(1, -1);
    const error =
      cause instanceof ContractError
        ? cause
        : new ContractError("backend_unavailable", "the backend did not take the event", { event, cause });
    this.reports.count("refused", 1, event, error.code);
    this.reports.error(error, { during: "backend", event, room }, error.code);
    return { ok: false, error };
  }

  private log(
    { entry }: EventPlan,
    room: string | undefined,
    filled: Readonly<Record<string, unknown>>,
    seq: number | undefined,
  ): void {
    const fields: Record<string, string | number | boolean | undefined> = { event: entry.name, room, seq };
    for (const field of entry.logFields) {
      const value = filled[field];
      if (typeof value !== "object") fields[field] = value as string | number | boolean | undefined;
    }
    this.reports.log("debug", fields, "emitted");
  }
}

/** The first of them waited, the others went into it. */
function tell(tickets: readonly Ticket[], result: EmitResult): void {
  for (const [at, ticket] of tickets.entries()) {
    if (result.ok) ticket(at === 0 ? result : { ...result, coalesced: true });
    else ticket(at === tickets.length - 1 ? result : { ok: false, error: unnamed(result.error) });
  }
}

/** Only the last is repeated under the name that all went under: what came before it would be written in its place. */
function unnamed(error: ContractError): ContractError {
  if (error.appendId === undefined) return error;
  return new ContractError(error.code, "whether what it went into was appended is not known", { cause: error });
}

function wrongAudience(event: string, sentence: string): ContractError {
  return new ContractError("unknown_event", sentence, { event, direction: "server_to_client" });
}
