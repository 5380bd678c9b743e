import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Writable } from "node:stream";
import { type CheckResult, type Contract, type ContractTypes, checkEvent, contract } from "@gestaloka/events";
import { createEventClient } from "@gestaloka/events/client";
import { type EventServer, type Logger, SPEventEmitter } from "@gestaloka/events/server";
import { NestFactory } from "@nestjs/core";
import { transform } from "esbuild";
import type { FastifyInstance } from "fastify";
import type { Server } from "socket.io";
import { afterAll, expect, it, vi } from "vitest";
import { NestExpress } from "../support/nest-express.js";
import { blocks, root } from "./blocks.js";

const folder = mkdtempSync(join(root, "test/docs/.snippets-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the block of this name, as a project whose decorators are those of NestJS would; gives what it exports. */
async function run<TExports>(name: string): Promise<TExports> {
  const block = blocks.find((found) => found.name === name);
  if (!block) throw new Error(`no document has a block ${name}`);
  const tsconfigRaw = { compilerOptions: { experimentalDecorators: true, target: "es2022" } } as const;
  const { code } = await transform(block.code, { loader: "ts", sourcefile: block.place, tsconfigRaw });
  const file = join(folder, `${name}.js`);
  writeFileSync(file, code);
  return (await import(file)) as TExports;
}

const portOf = (http: HttpServer) => (http.address() as AddressInfo).port;

/** Emits to alice in a page of the game's own, once she is there, and gives what she is told. */
async function tell(http: HttpServer, emit: () => Promise<unknown>): Promise<string> {
  const client = createEventClient(`http://127.0.0.1:${portOf(http)}`, {
    contract,
    auth: { name: "alice" },
    socket: { extraHeaders: { origin: "https://play.example" } },
  });
  try {
    const told = new Promise<string>((resolve) => {
      client.on("sp:update", ({ current_sp, description }) => resolve(`${description}: ${current_sp}`));
    });
    await new Promise<void>((connected) => client.on("ws:connected", () => connected()));
    await emit();
    return await told;
  } finally {
    client.close();
  }
}

const bought = {
  current_sp: 150,
  amount_changed: 50,
  transaction_type: "purchase",
  description: "SP",
} as const;

it("runs every block that asks for it", () => {
  const names = blocks.flatMap(({ name }) => (name === undefined ? [] : [name]));
  expect(names.sort()).toEqual([
    "cards",
    "client",
    "fastify",
    "game-events",
    "metrics",
    "pino",
    "roles",
    "server",
    "winston",
  ]);
});

it("shows what a writer is refused and a reader takes", async () => {
  const { asWriter, asReader } = await run<Record<"asWriter" | "asReader", CheckResult>>("roles");
  expect(asWriter).toMatchObject({ ok: false, error: { code: "payload_invalid", path: "mood" } });
  expect(asReader).toEqual({ ok: true });
});

it("says a contract that judges its own payloads", async () => {
  const { default: cards } = await run<{ default: Contract }>("cards");
  const at = { timestamp: "2026-11-24T05:28:59Z" };
  expect(checkEvent(cards, "card_dealt", { card: "ace", ...at }, { as: "writer" })).toEqual({ ok: true });
  expect(checkEvent(cards, "card_dealt", { card: "joker", ...at }, { as: "reader" })).toMatchObject({ ok: false });
  expect(cards.parseRoom("table_t1")).toEqual({ kind: "table", id: "t1" });
});

it("starts in five minutes: the server and the client speak", async () => {
  process.env.PORT = "0";
  const written = vi.spyOn(console, "error").mockReturnValue();
  const { http, io, server } = await run<{ http: HttpServer; io: Server; server: EventServer<ContractTypes> }>(
    "server",
  );
  try {
    if (!http.listening) await once(http, "listening");
    process.env.PORT = String(portOf(http));
    const { update } = await run<{ update: Promise<string> }>("client");
    expect(await update).toBe("open the door: 120 SP");
    // Whoever copies it sees what went wrong.
    await new SPEventEmitter(server as never).emitSpUpdate("alice", {} as never);
    expect(written.mock.calls).toMatchObject([[{ code: "payload_invalid" }, { during: "emit" }]]);
  } finally {
    written.mockRestore();
    delete process.env.PORT;
    await server.close({ drainMs: 0 });
    await io.close();
  }
});

it("serves events and routes on Fastify, and closes with it", async () => {
  const { createApp } = await run<{ createApp: () => FastifyInstance }>("fastify");
  const app = createApp();
  await app.listen({ port: 0, host: "127.0.0.1" });
  try {
    expect(await tell(app.server, () => app.inject({ method: "POST", url: "/points/alice" }))).toBe("SP: 150");
  } finally {
    await app.close();
  }
  expect(app.server.listening).toBe(false);
});

it("serves events and routes on NestJS's one port, and closes with the application", async () => {
  const { AppModule } = await run<{ AppModule: new () => object }>("game-events");
  const app = await NestFactory.create(AppModule, new NestExpress(), { logger: false });
  await app.listen(0, "127.0.0.1");
  const http: HttpServer = app.getHttpServer();
  try {
    const buy = () => fetch(`http://127.0.0.1:${portOf(http)}/points/alice`, { method: "POST" });
    expect(await tell(http, buy)).toBe("SP: 150");
    expect(await (await buy()).json()).toEqual({ current_sp: 150 });
  } finally {
    await app.close();
  }
  expect(http.listening).toBe(false);
});

it("answers a scrape with the library's metrics, and a probe with its health", async () => {
  const { http } = await run<{ http: HttpServer }>("metrics");
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  try {
    const get = async (path: string) => (await fetch(`http://127.0.0.1:${portOf(http)}${path}`)).text();
    expect(await get("/metrics")).toContain("gestaloka_events_connections 0");
    expect(JSON.parse(await get("/ready"))).toMatchObject({ ready: true, draining: false, backend: true });
  } finally {
    http.closeAllConnections();
    http.close();
  }
});

const logged = { event: "sp_update", room: "user_alice", seq: 1, current_sp: 150, amount_changed: 50 };

it("logs an emission through pino: event, room, number and declared fields, and nothing of the rest", async () => {
  const { serve } = await run<{ serve(destination: object): EventServer<ContractTypes> }>("pino");
  const lines: Record<string, unknown>[] = [];
  const server = serve({ write: (line: string) => lines.push(JSON.parse(line)) });
  await new SPEventEmitter(server as never).emitSpUpdate("alice", { ...bought, description: "secret" });
  expect(lines).toMatchObject([{ level: 20, msg: "emitted", ...logged, transaction_type: "purchase" }]);
  expect(JSON.stringify(lines)).not.toContain("secret");
  await server.close({ drainMs: 0 });
});

it("logs through winston and through the console alike", async () => {
  const { throughWinston, throughConsole } = await run<{
    throughWinston(winston: object): Logger;
    throughConsole: Logger;
  }>("winston");
  const { createLogger, format, transports } = await import("winston");
  const lines: string[] = [];
  const stream = new Writable({ write: (line, _encoding, done) => done(void lines.push(String(line))) });
  const through = throughWinston(
    createLogger({ level: "debug", format: format.json(), transports: [new transports.Stream({ stream })] }),
  );
  through.debug(logged, "emitted");
  expect(through.isLevelEnabled?.("silly")).toBe(false);
  await expect
    .poll(() => lines.map((line) => JSON.parse(line)))
    .toEqual([{ level: "debug", message: "emitted", ...logged }]);
  for (const level of ["debug", "info", "warn", "error"] as const) {
    const written = vi.spyOn(console, level).mockReturnValue();
    throughConsole[level](logged, "emitted");
    expect(written.mock.calls).toEqual([["emitted", logged]]);
    written.mockRestore();
  }
});
