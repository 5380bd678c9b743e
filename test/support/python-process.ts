import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { JsonLineProcess, type Line } from "./json-line-process.js";
import type { Availability } from "./required-service.js";

// The python3 first in PATH may be another one, without the distribution's packages.
const PYTHON = process.env.PYTHON ?? "/usr/bin/python3";
const PYTHON_ENV = { PYTHONDONTWRITEBYTECODE: "1", PYTHONIOENCODING: "utf-8" };

type Args = readonly unknown[];

/** A command as it reached the Python server, before its handler was called. */
type RecordedCall = { readonly event: string; readonly sid: string; readonly args: Args; readonly argc: number };

type RecordedException = {
  readonly event: string;
  readonly sid?: string;
  readonly type: string;
  readonly message: string;
};

type ConnectedSocket = {
  readonly sid: string;
  readonly auth: unknown;
  readonly rooms: readonly string[];
  readonly transport: "polling" | "websocket";
};

type PlainServerOptions = {
  /** 0, the default, takes a free one; the port of a server that was stopped starts it again. */
  readonly port?: number;
  /** Options of python-socketio's `AsyncServer`, for example `{ ping_interval: 0.2, transports: ["polling"] }`. */
  readonly server?: Readonly<Record<string, unknown>>;
};

type EmitTarget = { readonly room?: string; readonly sid?: string; readonly skip_sid?: string };

/** Whether python-socketio and aiohttp can be imported, and if not, what Python said. */
function hasPythonSocketio(): Availability {
  const probe = spawnSync(PYTHON, ["-c", "import socketio, aiohttp"], { encoding: "utf8", timeout: 20_000 });
  if (probe.error) return { available: false, reason: `${PYTHON} does not run: ${probe.error.message}` };
  if (probe.status === 0) return { available: true };
  return { available: false, reason: probe.stderr.trim().split("\n").at(-1) ?? `exit code ${probe.status}` };
}

function startScript(file: string, options: unknown): Promise<JsonLineProcess> {
  const path = fileURLToPath(new URL(`../interop/${file}`, import.meta.url));
  return JsonLineProcess.start(PYTHON, [path, JSON.stringify(options)], { env: PYTHON_ENV });
}

/** `test/interop/plain_server.py` running: production's behaviour, until one of these methods changes it. */
class PlainServer {
  readonly process: JsonLineProcess;
  readonly port: number;
  readonly url: string;

  constructor(process: JsonLineProcess) {
    this.process = process;
    this.port = process.of("ready")[0]?.port as number;
    this.url = `http://127.0.0.1:${this.port}`;
  }

  /** Emits the arguments verbatim to a room, a socket, or without a target to everybody. */
  async emit(event: string, args: Args, target: EmitTarget = {}): Promise<void> {
    await this.process.command("emit", { event, args, ...target });
  }

  /** As `emit`, with every string "NaN", "Infinity" and "-Infinity" written as Python's bare number. */
  async emitNonFinite(event: string, args: Args, target: EmitTarget = {}): Promise<void> {
    await this.process.command("emit", { event, args, ...target, non_finite: true });
  }

  /** Sends one Socket.IO packet as written, for example `2["sp_update",`. */
  async raw(sid: string, frame: string): Promise<void> {
    await this.process.command("raw", { sid, frame });
  }

  /** Acknowledges the command with these values; with `undefined` as production does, with none. */
  async setAck(event: string, args?: Args): Promise<void> {
    await this.process.command("set_ack", { event, args: args ?? null });
  }

  /** Makes the command's handler raise: always, or the next `times` times; 0 heals it. */
  async fail(event: string, options: { readonly message?: string; readonly times?: number } = {}): Promise<void> {
    await this.process.command("fail", { event, ...options });
  }

  /** Lets the command's handler wait before it does anything. */
  async delay(event: string, ms: number): Promise<void> {
    await this.process.command("delay", { event, ms });
  }

  /** Refuses new connections with these `ConnectionRefusedError` arguments; with `undefined` lets them in again. */
  async refuse(args?: Args): Promise<void> {
    await this.process.command("refuse", { args: args ?? null });
  }

  /** Whether a new connection is sent `connected`. */
  async greet(on: boolean): Promise<void> {
    await this.process.command("greet", { on });
  }

  /** Every command that arrived, also those whose handler raised or whose event has no handler. */
  async calls(event?: string): Promise<RecordedCall[]> {
    return (await this.process.command("calls", { event: event ?? null })) as RecordedCall[];
  }

  async forgetCalls(): Promise<void> {
    await this.process.command("forget_calls");
  }

  async sockets(): Promise<ConnectedSocket[]> {
    return (await this.process.command("sockets")) as ConnectedSocket[];
  }

  async enter(sid: string, room: string): Promise<void> {
    await this.process.command("enter", { sid, room });
  }

  /** Ends one connection, or all: by a Socket.IO packet, or by the end of its TCP connections without a word. */
  async drop(how: "disconnect" | "abort", sid?: string): Promise<void> {
    await this.process.command("drop", { how, sid: sid ?? null });
  }

  /** The next command of that name, or one that arrived before. */
  async nextCall(event: string, withinMs?: number): Promise<RecordedCall> {
    return (await this.process.next("call", (line) => line.event === event, withinMs)) as Line & RecordedCall;
  }

  async nextException(event: string, withinMs?: number): Promise<RecordedException> {
    return (await this.process.next("exception", (line) => line.event === event, withinMs)) as Line & RecordedException;
  }

  /** Ends every connection and undoes what these methods changed, so that another test may have the same process. */
  async reset(): Promise<void> {
    await this.process.command("reset");
    this.process.forget();
  }

  stop(): Promise<void> {
    return this.process.stop();
  }
}

/** `test/interop/plain_client.py` running: every handler takes exactly one payload. */
class PlainClient {
  readonly process: JsonLineProcess;

  constructor(process: JsonLineProcess) {
    this.process = process;
  }

  /** Registers one-parameter handlers for more events. */
  async handle(...events: readonly string[]): Promise<void> {
    await this.process.command("handle", { events });
  }

  /** Connects, and rejects with Python's exception when refused. */
  async connect(
    url: string,
    options: { readonly auth?: unknown; readonly transports?: readonly string[] } = {},
  ): Promise<{ sid: string; transport: string }> {
    return (await this.process.command("connect", { url, ...options })) as { sid: string; transport: string };
  }

  async emit(event: string, ...args: Args): Promise<void> {
    await this.process.command("emit", { event, args });
  }

  /** As `emit`, with every string "NaN", "Infinity" and "-Infinity" written as Python's bare number. */
  async emitNonFinite(event: string, ...args: Args): Promise<void> {
    await this.process.command("emit", { event, args, non_finite: true });
  }

  /** Emits with an acknowledgement and gives all of its values: an empty array for an empty one. */
  async call(event: string, args: Args, timeoutMs = 15_000): Promise<unknown[]> {
    return (await this.process.command("call", { event, args, timeout_ms: timeoutMs })) as unknown[];
  }

  async disconnect(): Promise<void> {
    await this.process.command("disconnect");
  }

  async state(): Promise<{ connected: boolean; transport: string | null }> {
    return (await this.process.command("state")) as { connected: boolean; transport: string | null };
  }

  /** The payloads that handlers of this event took so far. */
  payloads(event: string): unknown[] {
    return this.process
      .of("event")
      .filter((line) => line.event === event)
      .map((line) => line.data);
  }

  /** The payload of the first event of that name that a handler took, or will take. */
  async next(event: string, matches: (data: unknown) => boolean = () => true, withinMs?: number): Promise<unknown> {
    const line = await this.process.next("event", (one) => one.event === event && matches(one.data), withinMs);
    return line.data;
  }

  async nextException(event: string, withinMs?: number): Promise<RecordedException> {
    return (await this.process.next("exception", (line) => line.event === event, withinMs)) as Line & RecordedException;
  }

  stop(): Promise<void> {
    return this.process.stop();
  }
}

/** Starts today's server on a free port; stop it at the end of the test. */
async function startPlainServer(options: PlainServerOptions = {}): Promise<PlainServer> {
  return new PlainServer(await startScript("plain_server.py", options));
}

/**
 * Starts today's client, not yet connected, with one-parameter handlers for `events`.
 * `client` are options of python-socketio's `AsyncClient`; without any it does not reconnect.
 */
async function startPlainClient(
  events: readonly string[] = [],
  client: Readonly<Record<string, unknown>> = { reconnection: false },
): Promise<PlainClient> {
  return new PlainClient(await startScript("plain_client.py", { events, client }));
}

export type { ConnectedSocket, EmitTarget, PlainServerOptions, RecordedCall, RecordedException };
export { hasPythonSocketio, PlainClient, PlainServer, startPlainClient, startPlainServer };
