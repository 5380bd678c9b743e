import type { ContractTypes } from "../contract/contract-types.js";
import type { AuthenticatedUser } from "./authenticate.js";
import type { Awaitable } from "./backend.js";

/**
 * What a user asks for: to be in a room (`enter`), to be given what was missed of it (`replay`, asked after `enter` where
 * the client says how far it got), or to have a command of that room carried out (`send`).
 */
export interface AuthorizeRequest<TTypes extends ContractTypes, TUser extends AuthenticatedUser> {
  /** As `authenticate` gave it. */
  readonly user: TUser;
  /** What is asked for. */
  readonly action: "enter" | "replay" | "send";
  /** The room's name. */
  readonly room: TTypes["rooms"][keyof TTypes["rooms"]] & string;
  /** The room's kind, … */
  readonly kind: keyof TTypes["rooms"] & string;
  /** … and its identifier, as `parseRoom` gives them. */
  readonly id: string;
  /** With `send`: which command. */
  readonly command?: keyof TTypes["commands"] & string;
}

/** `history`: let in, and shown so many of the last recovered events at most. */
export type AuthorizeVerdict = boolean | { readonly history: number };

/** Says whether a user may; asked each time, and never remembered. What it throws is a no. */
export type Authorize<TTypes extends ContractTypes, TUser extends AuthenticatedUser> = (
  request: AuthorizeRequest<TTypes, TUser>,
) => Awaitable<AuthorizeVerdict>;
