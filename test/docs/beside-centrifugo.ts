/** One end's figures of the runs that are kept in `docs/delivery/centrifugo.json`. */
interface Figures {
  readonly storm: Record<"published" | "handled" | "lost" | "duplicated" | "reordered" | "falseRecovered", number> & {
    readonly missedWithResync: number;
  };
  readonly recover: Record<"recoveryP50Ms" | "recoveryP99Ms" | "serverCpuMs" | "clientCpuMs", number>;
  readonly herd: { readonly large: Record<"recoveredMs" | "serverCpuMs" | "clientsCpuMs" | "rssMiB", number> };
  readonly stalled: Record<"cutMs" | "p99Ms" | "controlP99Ms" | "controlServerCpuMs" | "controlRssMiB", number>;
  readonly wire: Record<
    "entryToServer" | "entryToClient" | "eventToClient" | "missed" | "returnToServer" | "returnToClient",
    number
  >;
}

export interface Beside {
  readonly library: Figures;
  readonly centrifugo: Figures;
  /** Minified and compressed by gzip. */
  readonly clientBytes: Record<"library" | "socketIo" | "centrifugo", number>;
}

const said = (number: number, digits = 0) =>
  number.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
const seconds = (ms: number) => `${said(ms / 1_000, 1)} s`;

const rows: readonly [what: string, of: (figures: Figures) => string][] = [
  [
    "storm of 20,000 events, 200 cuts, one kill: lost without a word, twice, out of order, falsely recovered",
    ({ storm }) =>
      [storm.lost, storm.duplicated, storm.reordered, storm.falseRecovered].map((each) => said(each)).join(", "),
  ],
  ["handled in it; missed and told of", ({ storm }) => `${said(storm.handled)}; ${said(storm.missedWithResync)}`],
  [
    "back with up to 100 missed events: p50, p99",
    ({ recover }) => `${said(recover.recoveryP50Ms, 1)} ms, ${said(recover.recoveryP99Ms, 1)} ms`,
  ],
  [
    "processor time of that and of their emits: server, client",
    ({ recover }) => `${said(recover.serverCpuMs, 1)} ms, ${said(recover.clientCpuMs, 1)} ms`,
  ],
  ["2,000 clients cut in one moment: all back after", ({ herd }) => seconds(herd.large.recoveredMs)],
  [
    "processor time of that: server, all clients; the server's memory",
    ({ herd: { large } }) => `${seconds(large.serverCpuMs)}, ${seconds(large.clientsCpuMs)}; ${said(large.rssMiB)} MiB`,
  ],
  ["a reader of 1,000 stops under 4 MB/s: ended after", ({ stalled }) => seconds(stalled.cutMs)],
  [
    "the others' p99 with it, and without",
    ({ stalled }) => `${said(stalled.p99Ms, 1)} ms, ${said(stalled.controlP99Ms, 1)} ms`,
  ],
  [
    "processor time of the server for 10 s without it; its memory",
    ({ stalled }) => `${seconds(stalled.controlServerCpuMs)}; ${said(stalled.controlRssMiB)} MiB`,
  ],
  [
    "bytes of an entry with a room: to the server, to the client",
    ({ wire }) => `${said(wire.entryToServer)}, ${said(wire.entryToClient)}`,
  ],
  ["bytes of an event", ({ wire }) => said(wire.eventToClient)],
  [
    "bytes of a return with 100 missed events",
    ({ wire }) => `${said(wire.returnToServer)}, ${said(wire.returnToClient)}`,
  ],
];

/** The table in which a page shows them. */
export function toMarkdown({ library, centrifugo, clientBytes }: Beside): string {
  const size = ["bytes of a client, minified and compressed"];
  size.push(`${said(clientBytes.library)}, beside socket.io-client's ${said(clientBytes.socketIo)}`);
  size.push(said(clientBytes.centrifugo));
  return [
    ["", "this library, in Node", "Centrifugo's engine, in Go"],
    ["---", "---", "---"],
    ...rows.map(([what, of]) => [what, of(library), of(centrifugo)]),
    size,
  ]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}
