import type { Server } from "socket.io";
import { describe, expect, it } from "vitest";
import { HandshakesFirst } from "../../../src/server/handshakes-first.js";

const engine = { clientsCount: 0 };
const server = { engine, connectTimeout: () => 10_000 } as unknown as Server;

describe("handshakes first", () => {
  it("lets nobody in while lines are opened turn after turn, and all who wait as soon as none was", () => {
    const handshakes = new HandshakesFirst(server);
    engine.clientsCount = 1;
    expect(handshakes.most(0)).toBe(0);
    engine.clientsCount = 2;
    expect(handshakes.most(5)).toBe(0);
    expect(handshakes.most(6)).toBe(Number.POSITIVE_INFINITY);
    engine.clientsCount = 1;
    expect(handshakes.most(7)).toBe(Number.POSITIVE_INFINITY);
  });

  it("lets one in for each handshake once they wait for long, well before Socket.IO closes their lines", () => {
    const handshakes = new HandshakesFirst(server);
    engine.clientsCount = 10;
    expect(handshakes.most(2_999)).toBe(0);
    engine.clientsCount = 11;
    expect(handshakes.most(3_000)).toBe(1);
  });
});
