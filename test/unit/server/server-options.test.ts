import type { IncomingMessage } from "node:http";
import { serverOptions } from "@gestaloka/events/server";
import { describe, expect, it } from "vitest";

function request(headers: Record<string, string>, remoteAddress = "10.0.0.1"): IncomingMessage {
  return { headers, socket: { remoteAddress } } as unknown as IncomingMessage;
}

function lets(options: ReturnType<typeof serverOptions>, asked: IncomingMessage): boolean {
  let verdict = false;
  options.allowRequest?.(asked, (_error, success) => {
    verdict = success;
  });
  return verdict;
}

describe("server options", () => {
  it("let in the pages of the origins that were named, exactly", () => {
    const options = serverOptions({ origins: ["https://game.example"] });
    expect(lets(options, request({ origin: "https://game.example" }))).toBe(true);
    for (const origin of [
      "https://evil.example",
      "https://game.example.evil.example",
      "http://game.example",
      "https://game.example:444",
      "null",
      "",
    ])
      expect(lets(options, request({ origin }))).toBe(false);
  });

  it("let in clients without an origin when told to, and pages that ask their own server", () => {
    expect(lets(serverOptions({ origins: [] }), request({}))).toBe(false);
    expect(lets(serverOptions({ origins: [], allowMissingOrigin: true }), request({}))).toBe(true);
    expect(lets(serverOptions({ origins: [] }), request({ "sec-fetch-site": "same-origin" }))).toBe(true);
    expect(lets(serverOptions({ origins: [] }), request({ "sec-fetch-site": "cross-site" }))).toBe(false);
  });

  it("bound the handshakes of an address", () => {
    const options = serverOptions({ origins: [], allowMissingOrigin: true, handshakesPerMinute: 2 });
    expect([1, 2, 3].map(() => lets(options, request({})))).toEqual([true, true, false]);
    expect(lets(options, request({}, "10.0.0.2"))).toBe(true);
  });

  it("keep frames small, old protocols off and silent connections short", () => {
    expect(serverOptions({ origins: [] })).toMatchObject({
      maxHttpBufferSize: 65_536,
      allowEIO3: false,
      connectTimeout: 10_000,
      perMessageDeflate: false,
    });
  });
});
