import { ContractError } from "@gestaloka/events";
import { expect, it } from "vitest";
import { requireSecureUrl } from "../../../src/client/secure-url.js";

it("lets credentials travel encrypted, or within this machine", () => {
  for (const url of [
    "https://game.example",
    "wss://game.example:8443/space",
    "http://localhost:3000",
    "ws://app.localhost",
    "http://127.0.0.1:1",
    "http://127.9.9.9",
    "http://[::1]:3000",
  ])
    expect(() => requireSecureUrl(url, false)).not.toThrow();
});

it("refuses URLs in the clear, and hosts that only look like this machine", () => {
  for (const url of [
    "http://game.example",
    "ws://game.example",
    "http://localhost.game.example",
    "http://127.0.0.1.game.example",
    "http://localhost@game.example",
    "http://10.0.0.1",
    "/relative",
    "nonsense",
  ]) {
    const error = (() => {
      try {
        requireSecureUrl(url, false);
      } catch (thrown) {
        return thrown;
      }
      return undefined;
    })();
    expect(error).toBeInstanceOf(ContractError);
    expect(error).toMatchObject({ code: "insecure_url" });
  }
  expect(() => requireSecureUrl("http://game.example", true)).not.toThrow();
});
