import { expect, it } from "vitest";
import { Connection, type Surroundings } from "../../../src/server/connection.js";
import type { Socket } from "../../../src/server/socket-io.js";

it("counts each packet that waits in Engine.IO once, however often it is asked what waits", () => {
  let read = 0;
  const packet = {
    get data() {
      read++;
      return "12345";
    },
  };
  const conn: { transport: object; writeBuffer: object[] } = { transport: {}, writeBuffer: [] };
  const connection = new Connection({ conn } as unknown as Socket, {} as Surroundings, { userId: "eve" }, undefined);
  const packets = 1_000;
  for (let count = 1; count <= packets; count++) {
    conn.writeBuffer.push(packet);
    connection.measure();
    expect(connection.outflow.buffered).toBe(5 * count);
  }
  expect(read).toBe(packets);
  // It was handed over, and there is less and then more again.
  conn.writeBuffer = [packet];
  connection.measure();
  expect(connection.outflow.buffered).toBe(5);
  conn.writeBuffer.length = 0;
  connection.measure();
  expect(connection.outflow.buffered).toBe(0);
  conn.writeBuffer.push({ options: { wsPreEncodedFrame: [Buffer.alloc(7)] } }, { data: new Uint8Array(3) });
  conn.transport = { socket: { bufferedAmount: 100 } };
  connection.measure();
  expect(connection.outflow.buffered).toBe(110);
});
