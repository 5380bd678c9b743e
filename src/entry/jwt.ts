/**
 * Authenticates connections by JSON Web Tokens; needs the package `jose`.
 *
 * @module
 */
export { type JwtOptions, type JwtUser, jwtAuthenticator } from "../adapters/jwt.js";
