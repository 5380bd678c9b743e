import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { hardCapBytes } from "../../../src/delivery/outflow.js";
import type { StoredEvent } from "../../../src/delivery/stored-event.js";
import { Connection, type Surroundings } from "../../../src/server/connection.js";
import { Network } from "../../../src/server/network.js";
import type { Socket } from "../../../src/server/socket-io.js";

// What is looked after again every 250 ms, and every 20 ms while low events are held.
beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const gull: StoredEvent = {
  epoch: "e",
  seq: 0,
  at: 0,
  name: '"gull_seen"',
  payload: "{}",
  bytes: 20_000,
  lane: "low",
  key: undefined,
};

/** Connections, each with a link that has so many bytes to take, and what was done with them. */
function open() {
  const written: number[] = [];
  const cut: Connection[] = [];
  const network = new Network({
    write(connection, events) {
      written.push(events.length);
      connection.outflow.wrote(events.length * gull.bytes, true);
    },
    cut: (connection) => cut.push(connection),
  });
  const connect = () => {
    const link = { bufferedAmount: 0 };
    const socket = { conn: { transport: { socket: link }, writeBuffer: [] } } as unknown as Socket;
    const surroundings = { network } as Partial<Surroundings> as Surroundings;
    return { link, connection: new Connection(socket, surroundings, { userId: "eve" }, undefined) };
  };
  return { network, written, cut, connect };
}

it("looks after a connection until the network has taken everything, and then after none", () => {
  const { network, connect } = open();
  const { connection, link } = connect();
  for (const bytes of [100, 50]) {
    link.bufferedAmount = bytes;
    network.watch(connection);
    for (let times = 0; times < 3; times++) vi.advanceTimersByTime(250);
    expect(network.waitingBytes).toBe(bytes);
    expect(connection.watched).toBe(true);
    expect(vi.getTimerCount()).toBe(1);
    link.bufferedAmount = 0;
    vi.advanceTimersByTime(250);
    expect(network.waitingBytes).toBe(0);
    expect(connection.watched).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  }
  network.watch(connection);
  network.close();
  expect(vi.getTimerCount()).toBe(0);
});

it("cuts what takes too little though nothing more is written to it, and looks after the others", () => {
  const { network, cut, connect } = open();
  const [slow, other] = [connect(), connect()];
  for (const { connection } of [slow, other]) network.watch(connection);
  [slow.link.bufferedAmount, other.link.bufferedAmount] = [hardCapBytes + 1, hardCapBytes];
  for (let times = 0; times < 3; times++) vi.advanceTimersByTime(250);
  expect(cut).toEqual([slow.connection]);
  expect(other.connection.watched).toBe(true);
  expect(network.waitingBytes).toBe(hardCapBytes);
});

it("looks sooner while low events are held, whether or not more of them come", () => {
  const { network, written, connect } = open();
  const { connection, link } = connect();
  const looks = vi.spyOn(connection, "measure");
  const come = () => {
    connection.outflow.hold(gull);
    network.hasten();
    expect(vi.getTimerCount()).toBe(1);
  };
  for (let times = 0; times < 2; times++) {
    // One is on its way.
    connection.outflow.wrote(gull.bytes, true);
    link.bufferedAmount = gull.bytes;
    network.watch(connection);
    looks.mockClear();
    for (let held = 0; held < 8; held++) {
      come();
      vi.advanceTimersByTime(15);
    }
    vi.advanceTimersByTime(80);
    expect(looks).toHaveBeenCalledTimes(10);
    expect(written).toEqual([]);
    link.bufferedAmount = 0;
    vi.advanceTimersByTime(20);
    // As fast as they are taken, each in a frame of its own: two are more than one may be.
    expect(written.splice(0)).toEqual(new Array(8).fill(1));
    expect(connection.watched).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  }
});
