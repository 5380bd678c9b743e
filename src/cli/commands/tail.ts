import { closeSync, fstatSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { resolve } from "node:path";
import type { EventClient } from "../../client/event-client.js";
import { bareMeta, type EventMeta } from "../../client/listeners.js";
import { CommandError } from "../../contract/errors.js";
import { captureLine } from "../../testing/recorded-event.js";
import type { CliOptions } from "../cli-options.js";
import type { CliCommand } from "../command.js";
import { exitCode, Misuse } from "../exit-code.js";
import { type Io, isColored } from "../io.js";
import { credentialHelp, type Live, liveOptions, readLive } from "../live/live-options.js";
import { connect, createLiveClient, refusalOf } from "../live/open-client.js";
import { clockReport, ServerClock } from "../live/server-clock.js";
import { printable } from "../printable.js";
import { counted } from "../report/words.js";
import { lenientContract } from "../tail/lenient-contract.js";
import { jsonLine, problemOf, type SeenEvent, textLine } from "../tail/seen-event.js";

/** `gestaloka-events tail`: shows what a server sends to one user. */
export const tail: CliCommand = {
  usage: "tail <url>",
  summary: "Show the events that a server sends, checked, each with its latency",
  details: `Connects as one user, joins the rooms of --room, and writes one line an event until it is stopped: when it came, its
name, room and number, the time since it was emitted, its payload. What the contract refuses is red, and says why.
${credentialHelp}

Exit code: 0 all events were valid, 1 some were not or fewer than --count came within --seconds, 2 misuse or no connection.`,
  options: [
    { flags: "--room <room>", description: "Join this room; may be given more than once" },
    { flags: "--event <name>", description: "Show events of this wire or app-side name alone; more than once" },
    { flags: "--only-room <room>", description: "Show events of this room alone; more than once" },
    { flags: "--record <file>", description: "Write what is shown to this file too, as NDJSON that validate reads" },
    { flags: "--json", description: "One JSON object a line" },
    { flags: "--full", description: "Whole payloads; otherwise their first 100 characters" },
    { flags: "--count <n>", description: "Stop after so many events" },
    { flags: "--seconds <n>", description: "Stop so long after it connected" },
    ...liveOptions,
  ],
  examples: [
    "tail https://play.example --room game_session-1",
    "tail https://play.example --event sp_update --record sp.ndjson --count 10",
    "tail http://127.0.0.1:3000 --contract src/contract.ts --json",
  ],
  async run([url], options, io) {
    const live = await readLive(url, options, io);
    const rooms = options.texts("room").map((room) => joinable(room, live));
    const file = options.text("record");
    const [count, withinMs] = [options.count("count"), options.milliseconds("seconds")];
    const show = showing(live, options, io);
    const record = file === undefined ? undefined : openSync(resolve(io.cwd, file), "a");
    const clock = new ServerClock();
    const client = await createLiveClient(
      { ...live, contract: lenientContract(live.contract) },
      { report: () => clockReport(clock), headsIntervalMs: 1_000, onUnknown: (name) => seen(name, undefined) },
    );
    let shown = 0;
    let invalid = 0;
    let end = () => {};
    let fail = (_error: unknown) => {};
    const ended = new Promise<void>((resolve, reject) => {
      end = resolve;
      fail = reject;
    });
    // What was recorded before is kept until there is a connection. A pipe cannot be emptied.
    const empty = () => {
      if (record !== undefined && shown === 0 && fstatSync(record).size > 0) ftruncateSync(record);
    };
    function seen(event: string, payload: unknown, meta: EventMeta = bareMeta): void {
      if (shown === count) return;
      const receivedAt = Date.now();
      const latencyMs = meta.at === undefined ? undefined : clock.since(meta.at, receivedAt);
      const problem = problemOf(live.contract, event, payload);
      if (!show({ event, payload, meta, receivedAt, latencyMs, problem })) return;
      try {
        empty();
        if (record !== undefined) writeSync(record, captureLine({ event, payload, meta, receivedAt }));
      } catch (error) {
        // What fails after the file was opened does not say which file it was.
        fail(Object.assign(error as Error, { path: resolve(io.cwd, file as string) }));
        return;
      }
      shown++;
      if (problem !== undefined) invalid++;
      if (shown === count) end();
    }
    for (const { name, appName } of live.contract.events.values())
      client.on(appName as never, (payload, meta) => seen(name, payload, meta));
    tellConnection(client, io);
    let timer: NodeJS.Timeout | undefined;
    const isConnected = () => client.connection.getSnapshot().status === "connected";
    let isLost = false;
    let isLate = false;
    try {
      io.onInterrupt?.(end);
      await Promise.race([connect(client), ended]);
      if (!isConnected()) throw new Misuse("stopped before there was a connection");
      const late = () => {
        isLate = count !== undefined;
        end();
      };
      if (withinMs !== undefined) timer = setTimeout(late, withinMs);
      empty();
      const joined = rooms.map((room) => client.join(room as never).catch((error) => refused(room, error)));
      await Promise.race([refusalOf(client), ended, Promise.all(joined).then(() => ended)]);
      isLost = shown !== count && !isConnected();
    } finally {
      clearTimeout(timer);
      client.close();
      if (record !== undefined) closeSync(record);
    }
    const fewer = isLate ? `, fewer than the ${count} of --count` : "";
    io.stderr.write(
      `${counted(shown, "event")}${fewer}, ${invalid} invalid${file === undefined ? "" : `, in ${file}`}\n`,
    );
    // What came meanwhile nobody knows.
    if (isLost) throw new Misuse("stopped while there was no connection");
    return invalid === 0 && !isLate ? exitCode.ok : exitCode.found;
  },
};

function joinable(room: string, { contract }: Live): string {
  const kind = contract.roomKinds.get(contract.parseRoom(room)?.kind ?? "");
  if (kind?.join !== undefined) return room;
  const prefixes = [...contract.roomKinds.values()].flatMap(({ join, prefix }) => (join === undefined ? [] : [prefix]));
  throw new Misuse(`--room ${printable(room)}: no room that clients join; they begin with ${prefixes.join(" or ")}`);
}

/** Writes an event that the filters let through; says whether they did. */
function showing({ contract }: Live, options: CliOptions, io: Io): (seen: SeenEvent) => boolean {
  const events = options.texts("event").map((name) => contract.appEvents.get(name)?.name ?? name);
  const own = `${contract.name}@${contract.version}`;
  // No misuse: whatever a server sends can be looked for.
  for (const name of events.filter((name) => !contract.events.has(name)))
    io.stderr.write(`--event ${printable(name)}: no event of ${own}; it is shown if one comes all the same\n`);
  const rooms = options.texts("only-room");
  const colored = isColored(io);
  const length = options.flag("full") ? Infinity : 100;
  const line = options.flag("json") ? jsonLine : (seen: SeenEvent) => textLine(seen, colored, length);
  return (seen) => {
    if (events.length > 0 && !events.includes(seen.event)) return false;
    if (rooms.length > 0 && !rooms.includes(seen.meta.room ?? "")) return false;
    io.stdout.write(`${line(seen)}\n`);
    return true;
  };
}

function tellConnection(client: EventClient, io: Io): void {
  const tell = (words: string) => void io.stderr.write(`${printable(words)}\n`);
  client.on("ws:connected", ({ mode, userId = "nobody" }) => {
    const { transport } = client.connection.getSnapshot();
    tell(`connected as ${userId} by ${transport}, ${mode} server`);
  });
  client.on("ws:disconnected", ({ reason }) => {
    if (reason !== "closed") tell(`disconnected: ${reason}`);
  });
  client.on("ws:resync", ({ room, reason }) => tell(`missed for good in ${room}: ${reason}`));
  client.on("ws:room-closed", ({ room, code }) => tell(`put out of ${room}: ${code}`));
}

function refused(room: string, error: unknown): never {
  throw error instanceof CommandError ? new Misuse(`--room ${room}: ${error.code}`) : error;
}
