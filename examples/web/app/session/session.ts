import { contract } from "@gestaloka/events";
import { createEventClient, deliveryReport, localStorageStore } from "@gestaloka/events/client";
import { QueryClient } from "@tanstack/react-query";
import { FrameRecorder } from "../frames/frame-log.js";
import { tapTransports } from "../frames/tap.js";
import { createBookingLog } from "./booking-log.js";
import { createCommandLog } from "./command-log.js";
import { type Admission, control, type Player } from "./control.js";
import { createDeliveryLog } from "./delivery-log.js";
import { createGameApi } from "./game-api.js";

/** Everything that belongs to one player in this window, from log-in to log-out. */
export type Session = Awaited<ReturnType<typeof openSession>>;

/** The session that both players are in. */
export const gameSessionId = "mist";

/** Logs in, and prepares a client that connects once the page listens. */
export async function openSession(player: Player) {
  const { token, url, up } = await control<Admission>("login", player);
  const recorder = new FrameRecorder();
  const client = createEventClient(url, {
    contract,
    auth: () => ({ token }),
    userId: player,
    autoConnect: false,
    storage: localStorageStore(),
    report: deliveryReport,
    socket: { transports: tapTransports(recorder) },
  });
  const bookings = createBookingLog(client);
  const commands = createCommandLog(client);
  const delivery = createDeliveryLog(client);
  const queries = new QueryClient({
    defaultOptions: {
      queries: { staleTime: Number.POSITIVE_INFINITY, retry: true, retryDelay: 1_000, networkMode: "always" },
    },
  });
  return {
    player,
    client,
    recorder,
    bookings,
    commands,
    delivery,
    queries,
    lineUp: up,
    api: createGameApi(url, token),
    /** At log-out: what was queued is gone, and never sent as somebody else. */
    close(): void {
      client.close({ forget: true });
      queries.clear();
    },
  };
}
