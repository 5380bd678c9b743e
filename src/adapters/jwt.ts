import { createLocalJWKSet, createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from "jose";
import { ContractError } from "../contract/errors.js";
import type { AuthenticatedUser, Handshake } from "../server/authenticate.js";
import { isFunction, type OptionKinds, requireKinds } from "../server/option-kinds.js";
import { withDefaults } from "../server/with-defaults.js";

/** A user as a token names them. */
export interface JwtUser extends AuthenticatedUser {
  /** When the token ends, with the tolerance, Unix ms. */
  readonly expiresAt: number;
  /** Everything that the token says. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Which tokens are good. Give `jwks` or `secret`, and `audience` or `authorizedParties`, or both of these. */
export interface JwtOptions {
  /** `iss`, exactly: `https://id.example/realms/game`. */
  readonly issuer: string;
  /** Where the issuer publishes its keys, or the keys themselves. */
  readonly jwks?: string | URL | { readonly keys: readonly object[] } | undefined;
  /** A shared secret of 32 bytes or more, where there are no key pairs. */
  readonly secret?: string | Uint8Array | undefined;
  /** The signatures that are taken; `["RS256"]` with `jwks`, `["HS256"]` with `secret`. */
  readonly algorithms?: readonly string[] | undefined;
  /** `aud` has to hold one of these. */
  readonly audience?: string | readonly string[] | undefined;
  /** `azp` has to be one of these: the clients whose tokens are taken, as Keycloak names them. */
  readonly authorizedParties?: readonly string[] | undefined;
  /** What `typ` may be among the claims, where it is there: no token of another use; `["Bearer"]`. */
  readonly tokenTypes?: readonly string[] | undefined;
  /** The claim that is the user's id, or a function of the claims; `sub`. */
  readonly userId?: string | ((claims: Readonly<Record<string, unknown>>) => unknown) | undefined;
  /** The field of the client's `auth` that holds the token; `token`. */
  readonly field?: string | undefined;
  /** How far the issuer's clock may be off, ms; 5,000. */
  readonly clockToleranceMs?: number | undefined;
  /** Lets keys be fetched over `http:` from another machine. */
  readonly allowInsecure?: boolean | undefined;
  /**
   * Told which rule a refused token broke, which its sender is not: a claim's name (`iss`, `aud`, `azp`, `typ`, `exp` where there
   * is none, `nbf`), `alg`, `kid` (no such key, or several), `signature`, `userId`, or `token` where there is none that can be read.
   */
  readonly onRefused?: ((rule: string) => void) | undefined;
}

// Longer ones are not read at all.
const tokenLength = 16_384;
const secretBytes = 32;
// Who is refused for a key that is not known yet does not come back by itself, and strangers make keys up: after a change of
// keys, jose's own 30 s would be an outage, begun anew by each of them.
const askAgainMs = 1_000;

/**
 * An `authenticate` for JSON Web Tokens: signature, algorithm, issuer, audience, authorized party, use and expiry.
 *
 * The token is taken from the client's `auth` and from nowhere else. One that has ended is refused `credential_expired`
 * once its signature was good; `backend_unavailable` where the issuer's keys cannot be had; else nothing is told.
 *
 * @throws {ContractError} `unsafe_server_options` for options under which a token of somebody else would be taken.
 *
 * @example
 * ```ts
 * import { jwtAuthenticator } from "@gestaloka/events/jwt";
 * const authenticate = jwtAuthenticator({
 *   issuer: "https://id.example/realms/game",
 *   jwks: "https://id.example/realms/game/protocol/openid-connect/certs",
 *   authorizedParties: ["game-web"],
 * });
 * ```
 */
export function jwtAuthenticator(options: JwtOptions): (handshake: Handshake) => Promise<JwtUser | null> {
  const given = withDefaults(defaults, options, "unsafe_server_options", "jwtAuthenticator", Object.keys(kinds));
  requireKinds(kinds, given, (name, sentence) => unsafe(`${name}: write ${sentence}`));
  const { issuer, audience, authorizedParties, tokenTypes = ["Bearer"], userId = "sub", field = "token" } = given;
  const key = keyOf(given);
  const toleranceMs = given.clockToleranceMs;
  // Without one, as where a variable is not set, jose would take every issuer's.
  if (!issuer) throw unsafe("name the issuer");
  if (!hasSome(audience) && !hasSome(authorizedParties))
    throw unsafe("name an audience or authorizedParties: a token for another application would be taken");
  const rules = {
    issuer,
    algorithms: algorithmsOf(given),
    requiredClaims: ["exp"],
    clockTolerance: toleranceMs / 1_000,
    ...(hasSome(audience) ? { audience: typeof audience === "string" ? audience : [...audience] } : {}),
  };

  const refuse = (rule: string): null => {
    given.onRefused?.(rule);
    return null;
  };

  return async ({ auth }) => {
    const token = auth[field];
    if (typeof token !== "string" || token.length > tokenLength) return refuse("token");
    const claims = await claimsOf(token, key, rules);
    if (typeof claims === "string") return refuse(claims);
    const { azp, typ, exp } = claims;
    if (hasSome(authorizedParties) && !authorizedParties.includes(azp as string)) return refuse("azp");
    if (typ !== undefined && !tokenTypes.includes(typ as string)) return refuse("typ");
    const id = typeof userId === "function" ? userId(claims) : claims[userId];
    if (typeof id !== "string") return refuse("userId");
    return { userId: id, expiresAt: (exp as number) * 1_000 + toleranceMs, claims };
  };
}

/** What a token says, or the rule that it breaks. */
async function claimsOf(
  token: string,
  key: JWTVerifyGetKey,
  rules: object,
): Promise<Readonly<Record<string, unknown>> | string> {
  try {
    return (await jwtVerify(token, key, rules)).payload;
  } catch (cause) {
    // The signature was judged before the time was.
    if (cause instanceof errors.JWTExpired) throw new ContractError("credential_expired", "the token has ended");
    const rule = brokenRule(cause);
    if (rule !== undefined) return rule;
    throw new ContractError("backend_unavailable", "the issuer's keys cannot be had", { cause });
  }
}

/** The rule that a token broke; `undefined` where the fault is not the token's. */
function brokenRule(cause: unknown): string | undefined {
  if (cause instanceof errors.JWTClaimValidationFailed) return cause.claim;
  if (cause instanceof errors.JWSSignatureVerificationFailed) return "signature";
  if (cause instanceof errors.JOSEAlgNotAllowed) return "alg";
  if (cause instanceof errors.JWKSNoMatchingKey || cause instanceof errors.JWKSMultipleMatchingKeys) return "kid";
  const isUnreadable =
    cause instanceof errors.JWTInvalid ||
    cause instanceof errors.JWSInvalid ||
    cause instanceof errors.JOSENotSupported;
  return isUnreadable ? "token" : undefined;
}

// Each is a rule that another kind would turn into none, or into another: `"game-web".includes("game")`.
const kinds: OptionKinds = {
  issuer: [isText, "a text"],
  jwks: [(given) => isText(given) || given instanceof URL || Array.isArray(Object(given).keys), "a URL, or { keys }"],
  secret: [(given) => isText(given) || given instanceof Uint8Array, "a text, or bytes"],
  algorithms: [isList, "a list of texts"],
  audience: [(given) => isText(given) || isList(given), "a text, or a list of texts"],
  authorizedParties: [isList, "a list of texts"],
  tokenTypes: [isList, "a list of texts"],
  userId: [(given) => isText(given) || isFunction(given), "a claim's name, or a function"],
  field: [isText, "a text"],
  onRefused: [isFunction, "a function"],
};

const defaults = { clockToleranceMs: 5_000, allowInsecure: false };

function isText(given: unknown): given is string {
  return typeof given === "string";
}

function isList(given: unknown): boolean {
  return Array.isArray(given) && given.every(isText);
}

function keyOf({ jwks, secret, allowInsecure }: JwtOptions): JWTVerifyGetKey {
  if ((jwks === undefined) === (secret === undefined)) throw unsafe("give jwks or secret, and not both");
  if (secret !== undefined) {
    const bytes = typeof secret === "string" ? new TextEncoder().encode(secret) : secret;
    if (bytes.length < secretBytes) throw unsafe(`a secret has at least ${secretBytes} bytes`);
    return async () => bytes;
  }
  if (typeof jwks === "object" && !(jwks instanceof URL)) return createLocalJWKSet(jwks as never);
  if (typeof jwks === "string" && !URL.canParse(jwks)) throw unsafe("jwks: write the URL of the issuer's keys");
  const url = new URL(jwks as string | URL);
  if (url.protocol !== "https:" && !allowInsecure && !/^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname))
    throw unsafe("fetch the issuer's keys over https:, or pass allowInsecure: true");
  return createRemoteJWKSet(url, { cooldownDuration: askAgainMs });
}

// A public key must never be taken for a shared secret.
function algorithmsOf({ secret, algorithms }: JwtOptions): string[] {
  const family = secret === undefined ? /^(RS|PS|ES)(256|384|512)$|^(EdDSA|Ed25519)$/ : /^HS(256|384|512)$/;
  const pinned = algorithms ?? [secret === undefined ? "RS256" : "HS256"];
  const foreign = pinned.find((name) => !family.test(name));
  if (pinned.length === 0 || foreign !== undefined)
    throw unsafe(`${foreign ?? "no algorithm"} does not go with ${secret === undefined ? "jwks" : "a secret"}`);
  return [...pinned];
}

function hasSome<TValue extends string | readonly string[]>(value: TValue | undefined): value is TValue {
  return value !== undefined && value.length > 0;
}

function unsafe(sentence: string): ContractError {
  return new ContractError("unsafe_server_options", `jwtAuthenticator: ${sentence}`);
}
