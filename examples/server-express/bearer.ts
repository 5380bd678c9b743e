import type { Authenticate, AuthenticatedUser } from "@gestaloka/events/server";
import type { RequestHandler } from "express";

/** Lets requests through whose `Authorization` header holds a token that also opens a connection. */
export function bearerOf(authenticate: Authenticate<AuthenticatedUser>): RequestHandler {
  return async (request, response, next) => {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
    const { headers, url } = request;
    // An expired token and keys that cannot be had are thrown; here all of them are no.
    const user = await Promise.resolve(
      authenticate({ auth: { token }, headers, address: request.ip ?? "", url }),
    ).catch(() => null);
    if (!user) return void response.status(401).json({ code: "unauthenticated" });
    response.locals.userId = user.userId;
    next();
  };
}
