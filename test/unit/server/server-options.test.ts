import type { IncomingMessage } from "node:http";
import { serverOptions } from "@gestaloka/events/server";
import { describe, expect, it } from "vitest";

function request(headers: Record<string, string>, remoteAddress = "10.0.0.1"): IncomingMessage {
  return { headers, socket: { remoteAddress } } as unknown as IncomingMessage;
}

function lets(options: ReturnType<typeof serverOptions>, asked: IncomingMessage): Promise<boolean> {
  return new Promise((resolve) => options.allowRequest?.(asked, (_error, success) => resolve(success)));
}

describe("server options", () => {
  it("let in the pages of the origins that were named, exactly", async () => {
    const options = serverOptions({ origins: ["https://game.example"] });
    expect(await lets(options, request({ origin: "https://game.example" }))).toBe(true);
    for (const origin of [
      "https://evil.example",
      "https://game.example.evil.example",
      "http://game.example",
      "https://game.example:444",
      "null",
      "",
    ])
      expect(await lets(options, request({ origin }))).toBe(false);
  });

  it("refuse origins that are no list, as an unset variable's", () => {
    for (const origins of [undefined, "https://game.example"])
      expect(() => serverOptions({ origins: origins as never })).toThrow(
        expect.objectContaining({ code: "unsafe_server_options", message: expect.stringContaining("write a list") }),
      );
  });

  it("refuse an origin that no browser sends, whose pages would be kept out without a word", () => {
    for (const origin of [
      "https://game.example/",
      "https://game.example:443",
      "https://Game.example",
      "https://game.example/play",
      "https://*.game.example",
      "game.example",
      "localhost:5173",
      "*",
      "",
      undefined as never,
    ])
      expect(() => serverOptions({ origins: ["https://play.example", origin] }), String(origin)).toThrow(
        expect.objectContaining({
          code: "unsafe_server_options",
          message: expect.stringContaining(String(JSON.stringify(origin))),
        }),
      );
    for (const origin of ["http://localhost:5173", "http://[::1]:3000", "capacitor://localhost", "file://", "null"])
      expect(() => serverOptions({ origins: [origin] }), origin).not.toThrow();
  });

  it("take a limit that is null or no number, as of a variable that is not set, for one that was left out", async () => {
    for (const unset of [undefined, null, Number.NaN]) {
      const limits = { maxFrameBytes: unset, handshakesPerMinute: unset } as object;
      const options = serverOptions({ origins: ["https://game.example"], ...limits });
      expect(options.maxHttpBufferSize).toBe(65_536);
      expect(await lets(options, request({ origin: "https://game.example" }))).toBe(true);
    }
  });

  it("count by the socket's own address where clientAddress gives none, as for who comes around the proxy", async () => {
    const options = serverOptions({
      origins: [],
      allowMissingOrigin: true,
      handshakesPerMinute: 1,
      clientAddress: ({ headers }) => headers["x-real-ip"]?.toString(),
    });
    const asked = [
      request({}),
      request({}, "10.0.0.2"),
      request({}, "10.0.0.2"),
      request({ "x-real-ip": "10.0.0.3" }, "10.0.0.2"),
    ];
    expect(await Promise.all(asked.map((one) => lets(options, one)))).toEqual([true, true, false, true]);
  });

  it("let in clients without an origin when told to, and pages that ask their own server", async () => {
    expect(await lets(serverOptions({ origins: [] }), request({}))).toBe(false);
    expect(await lets(serverOptions({ origins: [], allowMissingOrigin: true }), request({}))).toBe(true);
    expect(await lets(serverOptions({ origins: [] }), request({ "sec-fetch-site": "same-origin" }))).toBe(true);
    expect(await lets(serverOptions({ origins: [] }), request({ "sec-fetch-site": "cross-site" }))).toBe(false);
  });

  it("keep out pages of other origins that leave theirs out, as a script of JSONP, where programs need none", async () => {
    const options = serverOptions({ origins: ["https://game.example"], allowMissingOrigin: true });
    for (const site of ["cross-site", "same-site"])
      expect(await lets(options, request({ "sec-fetch-site": site })), site).toBe(false);
    for (const site of ["same-origin", "none"])
      expect(await lets(options, request({ "sec-fetch-site": site })), site).toBe(true);
  });

  it("bound the handshakes of an address", async () => {
    const options = serverOptions({ origins: [], allowMissingOrigin: true, handshakesPerMinute: 2 });
    expect(await Promise.all([1, 2, 3].map(() => lets(options, request({}))))).toEqual([true, true, false]);
    expect(await lets(options, request({}, "10.0.0.2"))).toBe(true);
  });

  it("let an address shake hands 600 times a minute, where nothing else is said", async () => {
    const options = serverOptions({ origins: [], allowMissingOrigin: true });
    const answers = await Promise.all(Array.from({ length: 601 }, () => lets(options, request({}))));
    expect(answers.indexOf(false)).toBe(600);
  });

  it("count the addresses of one IPv6 network as one, and an IPv4 address by itself, however it is written", async () => {
    const take = (options: ReturnType<typeof serverOptions>, addresses: string[]) =>
      Promise.all(addresses.map((address) => lets(options, request({}, address))));
    const options = () => serverOptions({ origins: [], allowMissingOrigin: true, handshakesPerMinute: 1 });
    const network = ["2001:db8:1:2:a:b:c:d", "2001:db8:1:2::1", "2001:0DB8:0001:0002:ffff::", "2001:db8:1:2::1%eth0"];
    expect(await take(options(), network)).toEqual([true, false, false, false]);
    expect(await take(options(), ["2001:db8:1:2::1", "2001:db8:1:3::1", "2001:db8::1", "::1", "::2"])).toEqual([
      true,
      true,
      true,
      true,
      false,
    ]);
    expect(await take(options(), ["10.0.0.1", "::ffff:10.0.0.1", "10.0.0.2", "::ffff:10.0.0.2"])).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  it("refuse a handshake whose address cannot be told: one request of a stranger would end the process", async () => {
    const refused = (clientAddress: unknown) =>
      new Promise((resolve) => {
        const options = serverOptions({ origins: [], allowMissingOrigin: true, clientAddress: clientAddress as never });
        options.allowRequest?.(request({}), (error, success) => resolve(success || error));
      });
    const headless = (asked: IncomingMessage) => (asked.headers["x-real-ip"] as string).split(",")[0];
    expect(await refused(headless)).toBe("clientAddress threw");
    for (const address of [7, ["10.0.0.1"], Promise.resolve("10.0.0.1")])
      expect(await refused(() => address)).toBe("clientAddress gave no text");
    for (const nothing of [undefined, null]) expect(await refused(() => nothing)).toBe(true);
  });

  it("let a crowd in a few at a time, in its order, so that everything else has its turn", async () => {
    const options = serverOptions({ origins: [], allowMissingOrigin: true });
    const order: (number | "else")[] = [];
    for (let index = 0; index < 100; index++) options.allowRequest?.(request({}), () => order.push(index));
    while (order.length < 105) {
      await new Promise((resolve) => setImmediate(resolve));
      order.push("else");
    }
    expect(order.filter((each) => each !== "else")).toEqual(Array.from({ length: 100 }, (_, index) => index));
    expect(order.indexOf("else")).toBeLessThan(25);
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
