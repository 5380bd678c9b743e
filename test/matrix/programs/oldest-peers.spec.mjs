import { jwtAuthenticator } from "@gestaloka/events/jwt";
import { contract } from "@gestaloka/events/schemas";
import { createMemoryServer, eventMatchers, eventPayloads, fakeTime } from "@gestaloka/events/testing";
import * as fc from "fast-check";
import { SignJWT } from "jose";
import { expect, it, vi } from "vitest";

expect.extend(eventMatchers(contract));

it("makes payloads that its matchers take", () => {
  fc.assert(
    fc.property(eventPayloads(contract, "sp_update"), (payload) => {
      expect(payload).toBeValidEvent("sp_update");
    }),
  );
});

it("lets the user of a token in", async () => {
  const issuer = "https://id.example";
  const secret = new TextEncoder().encode("a secret of thirty-two bytes, or more");
  const game = createMemoryServer({ contract, authenticate: jwtAuthenticator({ issuer, secret, audience: "game" }) });
  const signed = new SignJWT({ sub: "alice", iss: issuer, aud: "game" }).setProtectedHeader({ alg: "HS256" });
  const token = await signed.setExpirationTime("1m").sign(secret);
  const alice = await game.connect("alice", { auth: { token } });
  expect(alice.connection.getSnapshot().userId).toBe("alice");
  await game.close();
});

it("lets half a minute pass", async () => {
  const time = fakeTime(vi);
  const game = createMemoryServer({ contract });
  const bob = await game.connect("bob");
  await bob.join("game_g");
  bob.close();
  await time.advance(29_000);
  expect(await game.server.members("game_g")).toEqual(["bob"]);
  await time.advance(2_000);
  expect(await game.server.members("game_g")).toEqual([]);
  time.restore();
  await game.close();
});
