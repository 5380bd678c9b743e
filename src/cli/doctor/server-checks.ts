import type { ReadHello } from "../../client/hello.js";
import { checkCommand } from "../../contract/check.js";
import { parseTimestamp } from "../../contract/timestamp.js";
import type { Live } from "../live/live-options.js";
import { ServerClock } from "../live/server-clock.js";
import { type DoctorFinding, findingsOf, milliseconds } from "./finding.js";
import type { Probe } from "./probe.js";

const trips = 7;
const tripMs = 2_000;

/** What of a server's `$hello` is told as it says it: a client reads it also where some of it is missing, or of another kind. */
interface HelloFields {
  readonly contract: string;
  readonly user_id: string;
  readonly features?: unknown;
  readonly limits?: { readonly payload_bytes?: unknown } | null;
}

/** Whether the server announced itself, and what it says; `read`: as a client reads it. */
export function checkHello(own: string, hello: unknown, read: ReadHello | undefined): DoctorFinding[] {
  const server = findingsOf("server");
  const versions = findingsOf("contract");
  if (!read) {
    const lost = "nothing is recovered after a loss, and no command is sent twice";
    return [
      hello === undefined
        ? server.warn(
            "plain: it knows nothing of this library",
            `${lost}; serve it with createEventServer, or name by the URL's path the namespace that is`,
          )
        : server.fail("no client can read its $hello, and each takes it for plain", `${lost}; update the older end`),
      versions.skip(`a plain server does not say; ${own} here`),
    ];
  }
  const { contract, user_id, features, limits } = hello as HelloFields;
  const can = [features ?? []].flat().map(wordOf).join(", ");
  const frames = `frames up to ${wordOf(limits?.payload_bytes)} bytes`;
  const answers = `answers kept for ${read.windowMs / 1_000} s`;
  return [
    server.ok(`announced, as ${user_id}: ${can}; ${frames}, ${answers}`),
    checkVersions(own, contract, read.speaks),
  ];
}

// Asking an object for its text may throw.
function wordOf(value: unknown): string {
  return typeof value === "object" ? "?" : String(value ?? 0);
}

function checkVersions(own: string, theirs: string, isSpoken: boolean): DoctorFinding {
  const { ok, warn, fail } = findingsOf("contract");
  if (own === theirs) return ok(`${own} on both ends`);
  const both = `${theirs} there, ${own} here`;
  return isSpoken
    ? warn(both, "events of the newer end alone are passed over; deploy the same version")
    : fail(both, "they refuse each other: name the contract of this server with --contract");
}

/** How long frames take, and how far apart the clocks are. */
export async function checkClock(live: Live, probe: Probe, announced: boolean): Promise<DoctorFinding[]> {
  const trip = findingsOf("round trip");
  const offset = findingsOf("clock");
  const clock = new ServerClock();
  const times: number[] = [];
  const ask = announced ? (["$heads", { cursors: [], stats: {} }] as const) : plainPing(live);
  if (!ask)
    return [trip.skip("the contract has no ping that a plain server answers"), offset.skip("needs a round trip")];
  for (let i = 0; i < trips; i++) {
    const answered = await probe.ask(...ask, tripMs);
    if (!answered && !announced)
      return [trip.skip(`a plain server need not answer ${ask[0]}, and it did not`), offset.skip("needs a round trip")];
    if (!answered) continue;
    times.push(answered.ms);
    clock.add(answered.ms, (answered.answer as { readonly at?: unknown } | null | undefined)?.at);
  }
  if (times.length === 0)
    return [
      trip.fail(`no answer within ${milliseconds(tripMs)}`, "does the server run out of CPU?"),
      offset.skip("needs a round trip"),
    ];
  times.sort((a, b) => a - b);
  const [least, median, most] = [times[0], times[times.length >> 1], times.at(-1)].map((ms) =>
    milliseconds(ms as number),
  );
  const spread = `${median}, from ${least} to ${most}, in ${times.length} of ${trips} trips`;
  const lost = times.length < trips;
  return [
    lost ? trip.warn(spread, "some frames got no answer in time") : trip.ok(spread),
    clockFinding(clock.offsetMs ?? plainOffset(live, probe), clock.offsetMs !== undefined),
  ];
}

function clockFinding(offsetMs: number | undefined, isExact: boolean): DoctorFinding {
  const { ok, warn, skip } = findingsOf("clock");
  if (offsetMs === undefined) return skip("the server tells no time");
  const found = `the server's is ${isExact ? "" : "about "}${milliseconds(Math.abs(offsetMs))} ${offsetMs < 0 ? "behind" : "ahead"}`;
  return Math.abs(offsetMs) < 2_000
    ? ok(found)
    : warn(found, "latencies are corrected by it, timestamps in payloads are not: run NTP on both");
}

/** The command of the `ping` role with the moment in it, if that is all that it takes. */
function plainPing({ contract }: Live): readonly [name: string, payload: object] | undefined {
  const name = contract.roles.ping;
  const payload = { timestamp: new Date().toISOString() };
  return name !== undefined && checkCommand(contract, name, payload, { as: "writer" }).ok ? [name, payload] : undefined;
}

/** From the event that greeted this connection, a moment ago. */
function plainOffset({ contract }: Live, probe: Probe): number | undefined {
  const { timestamp } = (probe.first(contract.roles.connected ?? "") ?? {}) as { readonly timestamp?: unknown };
  const at = typeof timestamp === "string" ? parseTimestamp(timestamp) : Number.NaN;
  return Number.isNaN(at) ? undefined : at - probe.openedAt;
}
