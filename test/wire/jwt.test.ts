import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createEventClient } from "@gestaloka/events/client";
import { type JwtOptions, jwtAuthenticator } from "@gestaloka/events/jwt";
import { CompactSign, type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWTPayload, SignJWT } from "jose";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { contract } from "../fixtures/contract.js";
import { connected } from "../support/awaited-client.js";
import { createPeer, type Harbour, once, openHarbour } from "../support/harbour-server.js";

const issuer = "https://id.example/realms/harbour";
const secret = "a shared secret of more than 32 bytes";

interface Pair {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}

async function createPair(kid: string): Promise<Pair> {
  return { kid, ...(await generateKeyPair("RS256", { extractable: true })) };
}

/** A token as Keycloak makes them: `azp` says for which client, `aud` may say nothing, it lives for five minutes. */
function sign(pair: Pair, claims: JWTPayload = {}, header: object = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1_000);
  const said = { iss: issuer, sub: "ada", azp: "harbour-web", typ: "Bearer", iat: now, exp: now + 300, ...claims };
  return new SignJWT(said).setProtectedHeader({ alg: "RS256", kid: pair.kid, ...header }).sign(pair.privateKey);
}

let pair: Pair;
let other: Pair;
let published: Pair[];
let certs: HttpServer;
let jwks: string;
let asked = 0;
let down = false;
beforeAll(async () => {
  [pair, other] = await Promise.all([createPair("one"), createPair("two")]);
  certs = createServer(async (_request, response) => {
    asked++;
    if (down) response.writeHead(503).end();
    else {
      const keys = await Promise.all(
        // Without the algorithm that each is for: which one is taken is the server's to say.
        published.map(async ({ kid, publicKey }) => ({ ...(await exportJWK(publicKey)), kid, use: "sig" })),
      );
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ keys }));
    }
  });
  await new Promise<void>((resolve) => certs.listen(0, "127.0.0.1", resolve));
  jwks = `http://127.0.0.1:${(certs.address() as AddressInfo).port}/certs`;
});
afterAll(() => certs.close());
beforeEach(() => {
  published = [pair];
  down = false;
  asked = 0;
});

let harbour: Harbour | undefined;
afterEach(async () => {
  await harbour?.close();
  harbour = undefined;
});

const open = (options: Partial<JwtOptions> = {}): Promise<Harbour> =>
  openHarbour({ authenticate: jwtAuthenticator({ issuer, jwks, authorizedParties: ["harbour-web"], ...options }) });

/** What a connection with this `auth` comes to: the user it is let in as, or the error that it gets. */
async function outcome({ url }: Harbour, auth: object, options: object = {}): Promise<unknown> {
  const peer = createPeer(url, auth, options);
  const error = once(peer.socket, "connect_error").then(([cause]) => {
    const { message, data } = cause as Error & { data?: unknown };
    return { message, data };
  });
  const result = await Promise.race([peer.got("welcomed"), error]);
  peer.socket.disconnect();
  return Array.isArray(result) ? "let in" : result;
}

const refused = { message: "unauthenticated", data: { code: "unauthenticated" } };
const expired = { message: "credential_expired", data: { code: "credential_expired" } };

describe("a token of the issuer's", () => {
  it("lets its user in, over a real connection and with the issuer's published keys", async () => {
    harbour = await open();
    const token = await sign(pair);
    const client = createEventClient(harbour.url, { contract, auth: { token } });
    await connected(client);
    expect(client.connection.getSnapshot().userId).toBe("ada");
    client.close();
    expect(asked).toBe(1);
  });

  it("names the user by the claim that is said, and tells when it ends, with the tolerance", async () => {
    const exp = Math.floor(Date.now() / 1_000) + 60;
    const handshake = { auth: { token: await sign(pair, { exp, game_id: "g7" }) }, headers: {}, address: "", url: "" };
    const rules = { issuer, jwks, authorizedParties: ["harbour-web"], clockToleranceMs: 2_000 };
    const byClaim = jwtAuthenticator({ ...rules, userId: "game_id" });
    expect(await byClaim(handshake)).toMatchObject({ userId: "g7", expiresAt: exp * 1_000 + 2_000 });
    const byFunction = jwtAuthenticator({ ...rules, userId: ({ sub }) => `player-${sub}` });
    expect(await byFunction(handshake)).toMatchObject({ userId: "player-ada", claims: { game_id: "g7" } });
    for (const userId of ["missing", "exp", "__proto__", "constructor"])
      expect(await jwtAuthenticator({ ...rules, userId })(handshake)).toBeNull();
  });

  it("is taken under a shared secret where that is what was pinned", async () => {
    harbour = await openHarbour({ authenticate: jwtAuthenticator({ issuer, secret, audience: "harbour" }) });
    const bytesOf = (key: string) => new TextEncoder().encode(key);
    const make = (key: string, aud: string) =>
      new SignJWT({ iss: issuer, sub: "ada", aud })
        .setProtectedHeader({ alg: "HS256" })
        .setExpirationTime("5m")
        .sign(bytesOf(key));
    expect(await outcome(harbour, { token: await make(secret, "harbour") })).toBe("let in");
    expect(await outcome(harbour, { token: await make(secret, "other") })).toEqual(refused);
    expect(await outcome(harbour, { token: await make(`${secret}!`, "harbour") })).toEqual(refused);
    const shortest = secret.slice(0, 32);
    const rules = { issuer, secret: bytesOf(shortest), audience: "harbour", authorizedParties: [] };
    const handshake = { auth: { token: await make(shortest, "harbour") }, headers: {}, address: "", url: "" };
    expect(await jwtAuthenticator(rules)(handshake)).toMatchObject({ userId: "ada" });
  });

  it("is judged by the keys that the issuer publishes, and by no others", async () => {
    published = [other];
    harbour = await open();
    expect(await outcome(harbour, { token: await sign(other) })).toBe("let in");
    expect(await outcome(harbour, { token: await sign(pair) })).toEqual(refused);
  });

  it("is let in a second after the issuer took another key, though its keys were asked for just before", async () => {
    const now = Date.now();
    const clock = vi.spyOn(Date, "now").mockReturnValue(now);
    onTestFinished(() => clock.mockRestore());
    harbour = await open();
    expect(await outcome(harbour, { token: await sign(pair) })).toBe("let in");
    published = [other];
    // Whoever makes keys up does not make it ask more often.
    expect(await outcome(harbour, { token: await sign({ ...pair, kid: "three" }) })).toEqual(refused);
    expect(asked).toBe(1);
    clock.mockReturnValue(now + 1_000);
    expect(await outcome(harbour, { token: await sign(other) })).toBe("let in");
    expect(asked).toBe(2);
  });

  it("is judged by rules that are an instance's of a class, or another object's, as by its own", async () => {
    class Rules {
      readonly issuer = issuer;
      readonly audience = "harbour";
      constructor(private readonly client: string) {}
      get jwks() {
        return jwks;
      }
      get authorizedParties() {
        return [`${this.client}-web`];
      }
      get tokenTypes() {
        return ["Access"];
      }
      get field() {
        return "jwt";
      }
    }
    const good = await sign(pair, { aud: "harbour", typ: "Access" });
    for (const rules of [new Rules("harbour"), Object.create(new Rules("harbour"))])
      await expect(jwtAuthenticator(rules)({ auth: { jwt: good } } as never)).resolves.toMatchObject({ userId: "ada" });
    const foreign = Object.assign(Object.create({ authorizedParties: ["garden-web"] }), {
      issuer,
      jwks,
      audience: "harbour",
    });
    for (const rules of [new Rules("garden"), foreign])
      await expect(jwtAuthenticator(rules)({ auth: { jwt: good, token: good } } as never)).resolves.toBeNull();
  });

  it("says which of several keys it is signed with", async () => {
    published = [pair, other];
    const rules = { issuer, jwks: new URL(jwks), audience: [], authorizedParties: ["harbour-web"] };
    const authenticate = jwtAuthenticator(rules);
    const judge = async (header: object) =>
      authenticate({ auth: { token: await sign(other, {}, header) }, headers: {}, address: "", url: "" });
    expect(await judge({})).toMatchObject({ userId: "ada" });
    expect(await judge({ kid: undefined })).toBeNull();
  });
});

describe("any other token", () => {
  it("is refused with one constant answer, whatever is wrong with it, and the rule that it broke is told to whoever runs the server", async () => {
    const told: string[] = [];
    harbour = await open({ audience: "harbour", onRefused: (rule) => told.push(rule) });
    const good = { aud: "harbour" };
    const demanding = '{"alg":"RS256","kid":"one","crit":["harbour"],"harbour":1}';
    const wrong: Record<string, [token: unknown, rule?: string]> = {
      nothing: [undefined, "token"],
      "no text": [7, "token"],
      "an object": [{ token: await sign(pair, good) }, "token"],
      empty: ["", "token"],
      "no token": ["abc", "token"],
      "too long": [await sign(pair, { ...good, note: "x".repeat(20_000) }), "token"],
      "another key": [await sign({ ...other, kid: "one" }, good), "signature"],
      "an unknown key": [await sign(other, good), "kid"],
      "a demand that nobody knows": [(await sign(pair, good)).replace(/^[^.]+/, btoa(demanding)), "token"],
      "no claims": [
        await new CompactSign(Buffer.from("[]")).setProtectedHeader({ alg: "RS256", kid: "one" }).sign(pair.privateKey),
        "token",
      ],
      "another issuer": [await sign(pair, { ...good, iss: "https://evil.example" }), "iss"],
      "no issuer": [await sign(pair, { ...good, iss: undefined as never }), "iss"],
      "another audience": [await sign(pair, { aud: "other" }), "aud"],
      "no audience": [await sign(pair), "aud"],
      "another party": [await sign(pair, { ...good, azp: "other-web" }), "azp"],
      "no party": [await sign(pair, { ...good, azp: undefined }), "azp"],
      "an ID token": [await sign(pair, { ...good, typ: "ID" }), "typ"],
      "a refresh token": [await sign(pair, { ...good, typ: "Refresh" }), "typ"],
      "no end": [await sign(pair, { ...good, exp: undefined as never }), "exp"],
      "not yet": [await sign(pair, { ...good, nbf: Math.floor(Date.now() / 1_000) + 60 }), "nbf"],
      "no user": [await sign(pair, { ...good, sub: undefined as never }), "userId"],
      "a user that cannot be": [await sign(pair, { ...good, sub: "a\u0000da" })],
      "changed afterwards": [(await sign(pair, good)).replace(/\.[^.]+\./, `.${btoa('{"sub":"eve"}')}.`), "signature"],
    };
    for (const [why, [token, rule]] of Object.entries(wrong)) {
      expect({ why, got: await outcome(harbour, { token }) }).toEqual({ why, got: refused });
      expect({ why, told: told.splice(0) }).toEqual({ why, told: rule === undefined ? [] : [rule] });
    }
    expect(await outcome(harbour, { token: await sign(pair, good) })).toBe("let in");
    expect(told).toEqual([]);
  });

  it("is refused under another algorithm: unsigned, or signed with the public key as a secret", async () => {
    const told: string[] = [];
    harbour = await open({ onRefused: (rule) => told.push(rule) });
    const claims = (await sign(pair)).split(".")[1];
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const unsigned = `${encode({ alg: "none", kid: "one" })}.${claims}.`;
    const jwk = JSON.stringify(await exportJWK(pair.publicKey));
    const confused = await new SignJWT({ iss: issuer, sub: "eve", azp: "harbour-web" })
      .setProtectedHeader({ alg: "HS256", kid: "one" })
      .setExpirationTime("5m")
      .sign(new TextEncoder().encode(jwk));
    // The right key, under an algorithm that was not pinned.
    const otherwise = (await importJWK(await exportJWK(pair.privateKey), "PS256")) as CryptoKey;
    const unpinned = await sign({ ...pair, privateKey: otherwise }, {}, { alg: "PS256" });
    for (const token of [unsigned, confused, unpinned]) expect(await outcome(harbour, { token })).toEqual(refused);
    expect(told).toEqual(["alg", "alg", "alg"]);
  });

  it("is told that it has ended, once its signature was good, and beyond the tolerance only", async () => {
    harbour = await open();
    const ago = (seconds: number) => ({ exp: Math.floor(Date.now() / 1_000) - seconds });
    expect(await outcome(harbour, { token: await sign(pair, ago(60)) })).toEqual(expired);
    expect(await outcome(harbour, { token: await sign({ ...other, kid: "one" }, ago(60)) })).toEqual(refused);
    expect(await outcome(harbour, { token: await sign(pair, ago(2)) })).toBe("let in");
  });

  it("is to come again where the issuer's keys cannot be had, and whoever runs the server is told why", async () => {
    down = true;
    const told: unknown[] = [];
    const authenticate = jwtAuthenticator({ issuer, jwks, authorizedParties: ["harbour-web"] });
    harbour = await openHarbour({ authenticate, onError: (error, { during }) => told.push([during, error]) });
    const auth = { token: await sign(pair) };
    const client = createEventClient(harbour.url, { contract, auth });
    const failed = new Promise((resolve) => client.once("ws:error", ({ code }) => resolve(code)));
    expect(await failed).toBe("backend_unavailable");
    client.close();
    const error = expect.objectContaining({ code: "backend_unavailable", cause: expect.any(Error) });
    expect(told).toEqual([["authenticate", error]]);
    // A client of Socket.IO alone is told nothing, since it would never come back.
    const plain = createPeer(harbour.url, auth, { reconnection: true });
    await once(plain.socket.io, "close");
    expect(told).toHaveLength(2);
    down = false;
    await plain.got("welcomed");
    plain.socket.disconnect();
    expect(await outcome(harbour, { token: await sign({ ...other, kid: "one" }) })).toEqual(refused);
    expect(told).toHaveLength(2);
  });

  it("is refused in a query string, also beside a good one", async () => {
    harbour = await open();
    const token = await sign(pair);
    for (const name of ["token", "access_token", "jwt", "t"])
      expect(await outcome(harbour, { token }, { query: { [name]: token } })).toEqual(refused);
    expect(await outcome(harbour, {}, { query: { token } })).toEqual(refused);
    expect(await outcome(harbour, { token }, { query: { lang: "ja" } })).toBe("let in");
  });
});

describe("rules under which a foreign token would be taken", () => {
  it("are refused before anybody connects", () => {
    const good: JwtOptions = { issuer, jwks, audience: "harbour" };
    const weak: Record<string, JwtOptions> = {
      "no keys": { issuer, audience: "harbour" },
      "both kinds of keys": { ...good, secret },
      "no audience": { issuer, jwks },
      "an empty audience": { issuer, jwks, audience: [], authorizedParties: [] },
      "no issuer": { ...good, issuer: "" },
      "an issuer that is not set": { ...good, issuer: undefined as unknown as string },
      "keys at no address": { ...good, jwks: "id.example/keys" },
      "a short secret": { issuer, secret: "short", audience: "harbour" },
      "a secret's algorithm for public keys": { ...good, algorithms: ["HS256"] },
      "a key pair's for a secret": { issuer, secret, audience: "harbour", algorithms: ["RS256"] },
      "none at all": { ...good, algorithms: ["none"] },
      "no algorithm": { ...good, algorithms: [] },
      "keys over a readable connection": { ...good, jwks: "http://id.example/certs" },
      "keys of a machine that is called like this one": { ...good, jwks: "http://localhost.example/certs" },
      "keys of one that ends like this one": { ...good, jwks: "http://not-localhost/certs" },
      "a party that is no list, of which a part would do": { ...good, authorizedParties: "game-web" as never },
      "a use that is no list": { ...good, tokenTypes: "Bearer" as never },
      "an audience of another kind, which would be none": {
        ...good,
        authorizedParties: ["game-web"],
        audience: 7 as never,
      },
      "algorithms that are no list": { ...good, algorithms: "RS256" as never },
      "a secret of another kind": { issuer, secret: 7 as never, audience: "harbour" },
      "keys of another kind": { ...good, jwks: 7 as never },
      "a text for a flag": { ...good, allowInsecure: "false" as never },
      "a tolerance that is a text": { ...good, clockToleranceMs: "5000" as never },
      "nothing at all": undefined as never,
    };
    for (const [why, options] of Object.entries(weak))
      expect(() => jwtAuthenticator(options), why).toThrow(expect.objectContaining({ code: "unsafe_server_options" }));
    for (const jwks of ["https://id.example/certs", "http://localhost:8080/certs", "http://[::1]/certs"])
      expect(jwtAuthenticator({ ...good, jwks }), jwks).toBeTypeOf("function");
    expect(jwtAuthenticator({ ...good, jwks: "http://id.example/certs", allowInsecure: true })).toBeTypeOf("function");
  });
});
