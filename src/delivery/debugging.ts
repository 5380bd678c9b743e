/** `true` while developing; `"forced"` also where `NODE_ENV` is `production`. */
export type Debug = boolean | "forced";

/** What a frame trace is written to. */
export interface TraceLog {
  debug(fields: Readonly<Record<string, string | number | boolean | undefined>>, message: string): void;
}

/** The part of an Engine.IO connection that tells of its packets, at either end. */
export interface PacketSource {
  on(name: "packet" | "packetCreate", listener: (packet: { type: string; data?: unknown }) => void): unknown;
}

/** What is told to whoever debugs in production. */
export const debugRefusal = 'its logs hold what players write: leave debug out, or pass "forced"';

/**
 * Turns on the logs that Socket.IO and Engine.IO write to stderr of a Node process; they print packets as they are.
 *
 * `false`, and nothing is turned on, in production unless it is forced.
 */
export function startDebugging(debug: Debug): boolean {
  if (debug !== "forced" && isProduction()) return false;
  // Whichever copies of their logger are loaded; a browser's build of Socket.IO has none.
  const loaded = globalThis.process?.getBuiltinModule?.("module")?.createRequire("/").cache ?? {};
  for (const [file, module] of Object.entries(loaded)) {
    if (!/[\\/]debug[\\/]src[\\/]index\.js$/.test(file)) continue;
    const logs = module?.exports as { enable(names: string): void; disable(): string };
    logs.enable([logs.disable(), "socket.io*", "engine*"].filter(Boolean).join());
  }
  return true;
}

/** Tells of each frame of a connection: its name, place and size, and nothing of what it says. */
export function traceFrames(connection: PacketSource, log: TraceLog["debug"]): void {
  const tell = (direction: string) => (packet: { type: string; data?: unknown }) => {
    if (packet.type === "message" && typeof packet.data === "string")
      log({ direction, ...describeFrame(packet.data) }, "frame");
  };
  connection.on("packet", tell("in"));
  connection.on("packetCreate", tell("out"));
}

const kinds = ["connect", "disconnect", "event", "ack", "refused"];

/** What may be told of a Socket.IO packet: of an array its first text, and of the library's envelope where it stands. */
export function describeFrame(text: string): Readonly<Record<string, string | number | undefined>> {
  const [head = "", kind] = /^(\d)(?:\/[^,]*,)?\d*/.exec(text) ?? [];
  const bytes = new TextEncoder().encode(text).length;
  const told = { kind: kinds[Number(kind)] ?? "other", bytes };
  if (told.kind !== "event") return told;
  const [name, first, second] = toArray(text.slice(head.length));
  const packed = name === "$pack";
  const { epoch, seq } = ((packed ? first : second) ?? {}) as { readonly epoch?: unknown; readonly seq?: unknown };
  return {
    ...told,
    // What is no text may be anything, and turning it into one may throw.
    ...(typeof name === "string" ? { frame: name.slice(0, 64) } : {}),
    ...(packed && Array.isArray(second) ? { events: second.length } : {}),
    ...(typeof epoch === "string" ? { epoch: epoch.slice(0, 11) } : {}),
    ...(typeof seq === "number" ? { seq } : {}),
  };
}

function toArray(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

function isProduction(): boolean {
  try {
    // Bundlers write the value in; a page that was not bundled has no `process`.
    return process.env.NODE_ENV === "production";
  } catch {
    return false;
  }
}
