import type { Contract, RoomEntry } from "../contract/contract.js";
import type { ContractTypes } from "../contract/contract-types.js";
import { ContractError } from "../contract/errors.js";
import type { AuthenticatedUser } from "./authenticate.js";
import type { Authorize, AuthorizeVerdict } from "./authorize.js";
import type { Awaitable } from "./backend.js";
import type { Reports } from "./reports.js";
import { isThenable } from "./thenable.js";
import { late, within } from "./within.js";

/** A room that was named by a client, and can exist. */
export interface NamedRoom {
  readonly name: string;
  readonly kind: RoomEntry;
  readonly id: string;
}

/** Asks the application what a user may; a question that fails, or is not answered in time, is a no. */
export class Rights {
  /** Whether the application was told that it answers what is no verdict. */
  private told = false;

  constructor(
    private readonly contract: Contract,
    private readonly authorize: Authorize<ContractTypes, AuthenticatedUser> | undefined,
    private readonly reports: Reports,
    /** How long a question may take, ms. */
    private readonly timeoutMs: number,
  ) {}

  /** Reads a room's name as a client spells it; `undefined` for whatever is not exactly one of this contract's. */
  named(name: unknown): NamedRoom | undefined {
    const parsed = typeof name === "string" ? this.contract.parseRoom(name) : undefined;
    const kind = parsed && this.contract.roomKinds.get(parsed.kind);
    return parsed && kind ? { name: name as string, kind, id: parsed.id } : undefined;
  }

  ask(
    user: AuthenticatedUser,
    action: "enter" | "replay" | "send",
    room: NamedRoom,
    command?: string,
  ): Awaitable<AuthorizeVerdict> {
    // In one's own room one is by authentication; what one sends there is still asked.
    if (room.kind.authenticated && action !== "send") return room.id === user.userId;
    if (!this.authorize) return room.kind.authenticated && room.id === user.userId;
    const request = { user, action, room: room.name, kind: room.kind.kind, id: room.id } as const;
    try {
      const verdict = this.authorize((command === undefined ? request : { ...request, command }) as never);
      return isThenable(verdict) ? this.wait(verdict, user, room) : this.judge(verdict, user, room);
    } catch (error) {
      return this.deny(error, user, room);
    }
  }

  private async wait(asked: PromiseLike<AuthorizeVerdict>, user: AuthenticatedUser, room: NamedRoom) {
    try {
      const verdict = await within(this.timeoutMs, asked, true);
      return verdict === late ? this.deny(unanswered(), user, room) : this.judge(verdict, user, room);
    } catch (error) {
      return this.deny(error, user, room);
    }
  }

  // Only a plain yes is one: an application in JavaScript may return anything.
  private judge(verdict: AuthorizeVerdict, user: AuthenticatedUser, room: NamedRoom): AuthorizeVerdict {
    if (typeof verdict === "boolean") return verdict;
    if (typeof verdict === "object" && typeof verdict?.history === "number")
      return { history: verdict.history > 0 ? Math.floor(verdict.history) : 0 };
    if (!this.told) this.deny(noVerdict(), user, room);
    this.told = true;
    return false;
  }

  private deny(error: unknown, { userId }: AuthenticatedUser, { name }: NamedRoom): false {
    this.reports.error(error, { during: "authorize", room: name, userId });
    return false;
  }
}

const unanswered = () =>
  new ContractError("timeout", "authorize did not answer in commandTimeoutMs; give its queries a limit");

const noVerdict = () =>
  new ContractError(
    "forbidden",
    "authorize gave what is no verdict, and it counts as a no; return true, false or { history }",
  );
