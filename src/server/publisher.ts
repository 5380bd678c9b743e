import type { Contract } from "../contract/contract.js";
import { ContractError } from "../contract/errors.js";
import type { Emission } from "../delivery/stored-event.js";
import type { Backend } from "./backend.js";
import { type Checked, checkEmission, type EventPlan, planEvents, toContractError } from "./emission.js";
import type { EmitOptions, EmitResult } from "./event-target.js";
import type { Reports } from "./reports.js";

/**
 * Takes an event from its emit to the backend: checked, encoded, in call order, with what waits in the same room.
 *
 * It knows no sockets, so a worker publishes through the same code as a server.
 */
export class Publisher {
  private readonly plans: ReadonlyMap<string, EventPlan>;

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
    let checked: Checked;
    try {
      plan = this.planFor(name, audience);
      if (typeof room !== "string") throw room;
      if (except !== undefined && plan.entry.recover) throw wrongAudience(name, "is recovered, so nobody is left out");
      checked = checkEmission(plan, input, now);
    } catch (cause) {
      return Promise.resolve(this.refuse(toContractError(cause, name)));
    }
    const { entry } = plan;
    this.reports.count("emitted", 1, name, entry.lane);
    try {
      const { emission } = checked;
      const appended = entry.recover
        ? this.backend.append(room, emission, now, options?.appendId)
        : this.backend.publish(room, emission, now, except);
      if (typeof appended === "number") {
        if (this.reports.debugging) this.log(plan, room, checked, appended);
        return Promise.resolve({ ok: true, seq: appended });
      }
      if (appended === undefined) {
        if (this.reports.debugging) this.log(plan, room, checked, undefined);
        return Promise.resolve({ ok: true });
      }
      return this.settle(appended, plan, room, checked);
    } catch (cause) {
      return Promise.resolve(this.fail(cause, name, room));
    }
  }

  /** Checks an event for one socket, which no backend carries. */
  check(name: string, input: object): Emission | ContractError {
    try {
      const { emission } = checkEmission(this.planFor(name, "socket"), input, Date.now());
      this.reports.count("emitted", 1, name, emission.lane);
      return emission;
    } catch (cause) {
      const error = toContractError(cause, name);
      this.refuse(error);
      return error;
    }
  }

  /** Logs and counts an emit that is not sent, and hands it to the error tracker. */
  refuse(error: ContractError): EmitResult {
    const event = error.event !== undefined && this.plans.has(error.event) ? error.event : "";
    this.reports.count("refused", 1, event, error.code);
    this.reports.error(error, { during: "emit", event }, error.code);
    if (this.throwOnInvalid) throw error;
    return { ok: false, error };
  }

  private planFor(name: string, audience: string): EventPlan {
    const plan = this.plans.get(name);
    if (!plan)
      throw new ContractError("unknown_event", `the contract ${this.contract.name} has no such event`, { event: name });
    if (plan.entry.audience !== audience)
      throw wrongAudience(name, `goes to ${plan.entry.audience}, not to ${audience}`);
    return plan;
  }

  private async settle(
    appended: Promise<number | undefined>,
    plan: EventPlan,
    room: string,
    checked: Checked,
  ): Promise<EmitResult> {
    try {
      const seq = await appended;
      if (this.reports.debugging) this.log(plan, room, checked, seq);
      return seq === undefined ? { ok: true } : { ok: true, seq };
    } catch (cause) {
      return this.fail(cause, plan.entry.name, room);
    }
  }

  private fail(cause: unknown, event: string, room: string): EmitResult {
    const error =
      cause instanceof ContractError
        ? cause
        : new ContractError("backend_unavailable", "the backend did not take the event", { event, cause });
    this.reports.count("refused", 1, event, error.code);
    this.reports.error(error, { during: "backend", event, room }, error.code);
    return { ok: false, error };
  }

  private log({ entry }: EventPlan, room: string, { filled }: Checked, seq: number | undefined): void {
    const fields: Record<string, string | number | boolean | undefined> = { event: entry.name, room, seq };
    for (const field of entry.logFields) {
      const value = filled[field];
      if (typeof value !== "object") fields[field] = value as string | number | boolean | undefined;
    }
    this.reports.log("debug", fields, "emitted");
  }
}

function wrongAudience(event: string, sentence: string): ContractError {
  return new ContractError("unknown_event", sentence, { event, direction: "server_to_client" });
}
