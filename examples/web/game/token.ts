import { createHmac, timingSafeEqual } from "node:crypto";

/** A credential that outlives a server which is killed: the user's id, and a mark that only the secret can make. */
export function signToken(secret: string, userId: string): string {
  return `${userId}.${createHmac("sha256", secret).update(userId).digest("base64url")}`;
}

/** Whose the token is; `undefined` for a stranger's. */
export function readToken(secret: string, token: unknown): string | undefined {
  const [userId] = String(token).split(".");
  if (!userId) return undefined;
  const expected = Buffer.from(signToken(secret, userId));
  const given = Buffer.from(String(token));
  return expected.length === given.length && timingSafeEqual(expected, given) ? userId : undefined;
}
