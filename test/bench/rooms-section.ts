import { createServer } from "node:http";
import { contract } from "@gestaloka/events";
import { createEventServer, memoryBackend, serverOptions } from "@gestaloka/events/server";
import { Server } from "socket.io";
import { spUpdate, spUpdateInput } from "./payloads.js";
import { deviation, interleave, median, type Row, ratios } from "./statistics.js";

const EMITS = 5_000;

/** What an emit costs with few rooms and with many, and with a long log, in one process. */
export async function roomsSection(rounds: number, onRound: (round: number) => void): Promise<Row[]> {
  const few = await filled(10, {});
  const fewAgain = await filled(10, {});
  const many = await filled(100_000, {});
  const long = await filled(10, { eventsPerRoom: 10_000 });
  for (let i = 0; i < 100_000; i++) void long.emit(i % 10);
  const raw = { few: rawWith(10), many: rawWith(100_000) };
  await new Promise((resolve) => setTimeout(resolve, 500));
  const time = (target: { emit(room: number): unknown }, count: number) => async () => {
    global.gc?.();
    const start = performance.now();
    for (let done = 0; done < EMITS; done += 100) {
      for (let i = 0; i < 100; i++) void target.emit((done + i) % count);
      await new Promise(setImmediate);
    }
    return (performance.now() - start) / EMITS;
  };
  const results = await interleave(
    rounds,
    {
      few: time(few, 10),
      fewAgain: time(fewAgain, 10),
      many: time(many, 100_000),
      long: time(long, 10),
      rawFew: time(raw.few, 10),
      rawMany: time(raw.many, 100_000),
    },
    onRound,
  );
  for (const target of [few, fewAgain, many, long, raw.few, raw.many]) await target.close();
  const of = (name: string) => ratios(results[name] ?? [], results.few ?? []);
  const noise = deviation(of("fewAgain"));
  const section = "emit, by rooms and logs";
  return [
    { section, name: "A/A: 10 rooms against 10 rooms", value: median(of("fewAgain")), unit: "ratio" },
    { section, name: "100,000 rooms against 10", value: median(of("many")), unit: "ratio", budget: "≤ 1.1", noise },
    {
      section,
      name: "raw Socket.IO: 100,000 rooms against 10",
      value: median(ratios(results.rawMany ?? [], results.rawFew ?? [])),
      unit: "ratio",
    },
    {
      section,
      name: "logs of 10,000 events a room against 1,000",
      value: median(of("long")),
      unit: "ratio",
      budget: "≤ 1.1",
      noise,
    },
  ];
}

async function filled(rooms: number, log: object) {
  const io = new Server(createServer(), serverOptions({ origins: [] }));
  const server = createEventServer(io, {
    contract,
    authenticate: () => ({ userId: "bench" }),
    authorize: () => true,
    backend: memoryBackend({ log }),
  });
  const emit = (room: number) => server.to.user(`u${room}`).emit("sp_update", spUpdateInput);
  for (let room = 0; room < rooms; room++) {
    void emit(room);
    if (room % 1_000 === 0) await new Promise(setImmediate);
  }
  return { emit, close: () => server.close({ drainMs: 0 }) };
}

/** Rooms of an adapter whose one member is no socket: what is measured is an emit up to its writing, as with the others. */
function rawWith(rooms: number) {
  const io = new Server(createServer(), serverOptions({ origins: [] }));
  io.of("/").adapter.addAll("nobody", new Set(Array.from({ length: rooms }, (_, room) => `user:u${room}`)));
  return { emit: (room: number) => io.to(`user:u${room}`).emit("sp_update", spUpdate), close: () => io.close() };
}
