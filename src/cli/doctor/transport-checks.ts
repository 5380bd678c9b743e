import type { End } from "../../client/dial.js";
import type { Live } from "../live/live-options.js";
import { type DoctorFinding, findingsOf, milliseconds } from "./finding.js";
import { isOpen, openProbe } from "./probe.js";

/** Sessions over polling that are opened one after the other; two servers without sticky sessions show within a few. */
const pollingSessions = 6;
const upgradeMs = 3_000;
/** A frame as large as a server of this library takes by default, without what stands around the padding, bytes. */
const mostBytes = 64 * 1_024 - 160;
const paddedBytes = 160;
const frameMs = 5_000;

/** Whether a WebSocket gets through. */
export async function checkWebSocket(live: Live, withinMs: number): Promise<DoctorFinding> {
  const { ok, fail } = findingsOf("websocket");
  const found = await openProbe(live, { transports: ["websocket"], withinMs });
  if (!isOpen(found)) {
    const hung =
      "something on the way swallows the upgrade: let it pass on Upgrade and Connection (nginx: proxy_http_version 1.1)";
    return fail(
      words(found),
      found.kind === "hung"
        ? hung
        : "let a proxy pass on Upgrade and Connection; is `websocket` among the server's transports?",
    );
  }
  found.close();
  return ok(`opened in ${milliseconds(found.openMs)}`);
}

/** Whether polling works where a WebSocket does not get through, keeps to one server, takes what it says, and is upgraded. */
export async function checkPolling(
  live: Live,
  withinMs: number,
  maxBytes: number | undefined,
): Promise<DoctorFinding[]> {
  const fallback = findingsOf("polling");
  const sticky = findingsOf("sticky sessions");
  const ends: End[] = [];
  let openMs = 0;
  for (let i = 0; i < pollingSessions; i++) {
    const found = await openProbe(live, { transports: ["polling"], withinMs });
    // Its first requests are three: each of them may come to another server.
    if (isOpen(found)) {
      openMs ||= found.openMs;
      found.close();
    } else ends.push(found);
  }
  const strangers = ends.filter(({ reason }) => reason === "sticky_session").length;
  const others = ends.find(({ reason }) => reason !== "sticky_session");
  if (strangers > 0) {
    const advice = "send all requests of a session to one server: by cookie, by address, or with @socket.io/sticky";
    const lost = `${strangers} of ${pollingSessions} sessions came to a server that did not know them`;
    return [fallback.warn("works now and then"), sticky.fail(lost, advice)];
  }
  if (others) {
    const advice = "players behind proxies that stop WebSockets stay out; allow polling among the server's transports";
    return [fallback.warn(words(others), advice), sticky.skip("needs polling")];
  }
  const kept = `${pollingSessions} sessions over polling were each served by one server`;
  return [
    fallback.ok(`opened in ${milliseconds(openMs)}`),
    sticky.ok(kept),
    await checkLargeFrame(live, withinMs, maxBytes),
    await checkUpgrade(live, withinMs),
  ];
}

/** Whether as much as the server takes gets through to it: what stands before it may take less of a request. */
async function checkLargeFrame(live: Live, withinMs: number, maxBytes: number | undefined): Promise<DoctorFinding> {
  const { ok, fail, skip } = findingsOf("large frames");
  if (maxBytes === undefined) return skip("a plain server does not say what it takes");
  const found = await openProbe(live, { transports: ["polling"], withinMs });
  if (!isOpen(found)) return skip(words(found));
  try {
    const bytes = Math.min(maxBytes, mostBytes);
    const size = `${bytes.toLocaleString("en")} bytes`;
    const body = { cursors: [], stats: {}, padding: " ".repeat(Math.max(0, bytes - paddedBytes)) };
    return (await found.ask("$heads", body, frameMs))
      ? ok(`${size} got through over polling`)
      : fail(
          `${size} did not get through over polling`,
          "let proxies and firewalls pass bodies of that size (nginx: client_max_body_size), or give maxFrameBytes less",
        );
  } finally {
    found.close();
  }
}

async function checkUpgrade(live: Live, withinMs: number): Promise<DoctorFinding> {
  const { ok, warn } = findingsOf("upgrade");
  const found = await openProbe(live, { transports: ["polling", "websocket"], withinMs });
  const upgraded = isOpen(found) && (await found.becomes("websocket", upgradeMs));
  if (isOpen(found)) found.close();
  return upgraded
    ? ok("polling became a WebSocket")
    : warn(
        `polling stayed polling for ${milliseconds(upgradeMs)}`,
        "does the server set allowUpgrades: false, or a proxy stop WebSockets?",
      );
}

export function words({ kind, reason }: End): string {
  return kind === "hung" ? "the handshake hangs" : `${kind}: ${reason}`;
}
