import type { IncomingHttpHeaders } from "node:http";
import type { Contract } from "../contract/contract.js";
import type { ErrorCode } from "../contract/error-codes.js";
import { ContractError } from "../contract/errors.js";
import { findProtoKey } from "../contract/plain-json.js";
import { isRoomIdentifier } from "../contract/room.js";
import { type Announcement, readAnnouncement } from "./announcement.js";
import type { Awaitable } from "./backend.js";
import type { CredentialLimit } from "./credential-limit.js";
import { isWithinBounds, type PayloadBounds } from "./payload-bounds.js";
import { hasQueryCredential } from "./query-credential.js";
import type { Reports } from "./reports.js";
import type { Socket } from "./socket-io.js";
import { late, within } from "./within.js";

/** Who a credential belongs to; the application may put more beside. */
export interface AuthenticatedUser {
  /** Stands in the user's room name: 1 to 128 characters, NFC, no control characters. */
  readonly userId: string;
  /** When the credential ends, Unix ms. */
  readonly expiresAt?: number | undefined;
}

/** What a connection came with. */
export interface Handshake {
  /** The client's `auth`, as a stranger gave it. */
  readonly auth: Readonly<Record<string, unknown>>;
  /** Of the request that opened the connection. */
  readonly headers: IncomingHttpHeaders;
  /** The socket's own; behind a proxy, the proxy's. */
  readonly address: string;
  /** The request's path and query. */
  readonly url: string;
}

/**
 * Says whose the credential is; anything but a user refuses the connection.
 *
 * What it throws refuses it too; an error with one of five `code`s of this library (`backend_unavailable`, `credential_expired`,
 * `rate_limited`, `server_closing`, `version_mismatch`) tells the client that code, any other `unauthenticated`. No text of it
 * leaves.
 */
export type Authenticate<TUser extends AuthenticatedUser> = (
  handshake: Handshake,
) => Awaitable<TUser | null | undefined | false>;

/** A connection that was let in. */
export interface Admission {
  readonly user: AuthenticatedUser;
  readonly announcement: Announcement | undefined;
}

const tellable: ReadonlySet<string> = new Set<ErrorCode>([
  "backend_unavailable",
  "credential_expired",
  "rate_limited",
  "server_closing",
  "version_mismatch",
]);

/** The error of a refused connection: a code, and nothing that would help to guess. */
export class ConnectRefusal extends Error {
  readonly data: { readonly code: ErrorCode };

  /** `spoken` is the contract of the client, where that is why; it is not told. */
  constructor(
    code: ErrorCode,
    readonly spoken?: string,
  ) {
    super(code);
    this.data = { code };
  }
}

/** What judges credentials, at the handshake and while connected. */
export interface Credentials {
  readonly authenticate: Authenticate<AuthenticatedUser>;
  readonly limit: CredentialLimit;
  readonly bounds: PayloadBounds;
  readonly reports: Reports;
  /** How long `authenticate` may take, ms. */
  readonly timeoutMs: number;
}

/** Judges a connection before it is one. @throws {ConnectRefusal} */
export async function admit(socket: Socket, contract: Contract, credentials: Credentials): Promise<Admission> {
  const { auth } = socket.handshake;
  const { $events, ...credential } = auth as Record<string, unknown>;
  // It was read, and is nobody else's: the socket keeps what the application is given.
  (socket.handshake as { auth: object }).auth = credential;
  const announcement = readAnnouncement($events);
  if (announcement && !speaks(announcement.contract, contract))
    throw new ConnectRefusal("version_mismatch", announcement.contract);
  return { user: await identify(socket, credential, credentials), announcement };
}

/** Asks whose a credential is. @throws {ConnectRefusal} */
export async function identify(
  { handshake: { headers, address, url } }: Socket,
  auth: Readonly<Record<string, unknown>>,
  { authenticate, bounds, reports, timeoutMs }: Credentials,
): Promise<AuthenticatedUser> {
  if (hasQueryCredential(url)) {
    reports.log("warn", { code: "unauthenticated", address }, "credential in a query string");
    throw new ConnectRefusal("unauthenticated");
  }
  if (!isWithinBounds(auth, bounds) || findProtoKey(auth, [])) throw new ConnectRefusal("unauthenticated");
  let user: AuthenticatedUser | null | undefined | false;
  try {
    const given = await within(timeoutMs, Promise.resolve(authenticate({ auth, headers, address, url })), true);
    if (given === late) throw unanswered();
    user = given;
  } catch (error) {
    const code = codeOf(error);
    // What was thrown unawares, and what could not be asked, is for whoever runs the server.
    if (code === "unauthenticated" || code === "backend_unavailable")
      reports.error(error, { during: "authenticate" }, code);
    throw new ConnectRefusal(code);
  }
  if (!user) throw new ConnectRefusal("unauthenticated");
  if (!isRoomIdentifier(user.userId)) {
    const error = new ContractError(
      "room_invalid",
      "authenticate gave no userId that can stand in a room's name; return { userId }, a text",
    );
    reports.error(error, { during: "authenticate" }, "unauthenticated");
    throw new ConnectRefusal("unauthenticated");
  }
  const { expiresAt } = user;
  if (expiresAt !== undefined && !(typeof expiresAt === "number" && expiresAt > Date.now())) {
    // Read as ms, the seconds of a token's exp are in 1970; a date, its text and a bigint are no number.
    if (!(typeof expiresAt === "number" && expiresAt >= 1e11)) {
      const error = new ContractError(
        "credential_expired",
        "authenticate gave an expiresAt that is of long ago, or no number; write Unix ms",
      );
      reports.error(error, { during: "authenticate" }, "credential_expired");
    }
    throw new ConnectRefusal("credential_expired");
  }
  return user;
}

const unanswered = () =>
  new ContractError(
    "backend_unavailable",
    "authenticate did not answer in commandTimeoutMs; give what it asks a limit",
  );

function codeOf(error: unknown): ErrorCode {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === "string" && tellable.has(code) ? (code as ErrorCode) : "unauthenticated";
}

function speaks(spoken: string, { name, version }: Contract): boolean {
  const major = (text: string) => text.split(".")[0];
  const [theirs, theirVersion] = spoken.split("@");
  return theirs === name && theirVersion !== undefined && major(theirVersion) === major(version);
}
