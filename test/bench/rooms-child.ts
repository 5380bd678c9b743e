import { createServer } from "node:http";
import { contract } from "@gestaloka/events";
import { createEventServer, type MemoryBackendOptions, memoryBackend, serverOptions } from "@gestaloka/events/server";
import { Server } from "socket.io";
import { answerParent } from "./child.js";
import { spUpdate, spUpdateInput } from "./payloads.js";

const EMITS = 5_000;

/** Somewhere to emit to, by the number of a room. */
interface Target {
  readonly rooms: number;
  emit(room: number): unknown;
}

const targets: Record<string, Target> = {};

async function filled(rooms: number, log: MemoryBackendOptions["log"] = {}): Promise<Target> {
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
  return { rooms, emit };
}

/** Rooms of an adapter whose one member is no socket: what is measured is an emit up to its writing, as with the others. */
function raw(rooms: number): Target {
  const io = new Server(createServer(), serverOptions({ origins: [] }));
  io.of("/").adapter.addAll("nobody", new Set(Array.from({ length: rooms }, (_, room) => `user:u${room}`)));
  return { rooms, emit: (room) => io.to(`user:u${room}`).emit("sp_update", spUpdate) };
}

answerParent(async (request: { readonly do: "start" | "time"; readonly what?: string }) => {
  if (request.do === "start") {
    Object.assign(targets, {
      few: await filled(10),
      fewAgain: await filled(10),
      many: await filled(100_000),
      long: await filled(10, { keepCount: 10_000 }),
      rawFew: raw(10),
      rawMany: raw(100_000),
    });
    for (let i = 0; i < 100_000; i++) void targets.long?.emit(i % 10);
    await new Promise((resolve) => setTimeout(resolve, 500));
    return Object.keys(targets);
  }
  const { rooms, emit } = targets[request.what as string] as Target;
  const start = performance.now();
  for (let done = 0; done < EMITS; done += 100) {
    for (let i = 0; i < 100; i++) void emit((done + i) % rooms);
    await new Promise(setImmediate);
  }
  return (performance.now() - start) / EMITS;
});
