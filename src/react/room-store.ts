import type { LocalEvents } from "../client/local-events.js";
import type { ErrorCode } from "../contract/error-codes.js";
import type { AnyClient } from "./any-client.js";
import { perClient } from "./per-client.js";
import { createStore, type WritableStore } from "./store.js";

/**
 * `left` by this page; `closed` by the server, which refused the room or put the user out, or did not say what came of
 * the entry.
 */
export type RoomStatus = "joining" | "joined" | "left" | "closed";

/** A room at one moment, and the two ways to change one's mind. The same object until something changes. */
export interface JoinedRoom<TData = unknown> {
  /** `joining` until the server answers, `joined`, `left` after `leave()`, `closed` where the server refuses. */
  readonly status: RoomStatus;
  /** Why it is closed: a stable code. */
  readonly code?: ErrorCode | (string & {}) | undefined;
  /** What the server answered to the last entry; anew after every reconnect. */
  readonly data?: TData | undefined;
  /** Enters the room again after `leave`, or after the server closed it. */
  join(): void;
  /** Leaves the room for this client, wherever it is used. */
  leave(): Promise<unknown>;
}

/** A client's room, one for all who ask: wanted from the first subscriber on, whatever unmounts, until `leave`. */
export const roomOf = /* @__PURE__ */ perClient((client: AnyClient, room: string) => {
  const become = (status: RoomStatus, code?: string, data?: unknown) => store.update({ status, code, data });
  /** Whether the client enters it on its next connection: also where nobody was told what came of the last entry. */
  let isWanted = true;

  function enter(): void {
    const asked = store.getSnapshot();
    // The answer to what was asked before the last word is no news.
    const isNews = () => store.getSnapshot() === asked;
    client.join(room).then(
      (data) => isNews() && become("joined", undefined, data),
      // A client that was closed enters at its next connection.
      ({ code }: { readonly code: string }) => isNews() && code !== "closed" && become("closed", code),
    );
  }

  const store: WritableStore<JoinedRoom> = createStore<JoinedRoom>(
    {
      status: "joining",
      join() {
        if (!isWanted || store.getSnapshot().code) become("joining");
        isWanted = true;
        enter();
      },
      leave() {
        // Nobody's room is everybody's who has none yet.
        if (room) become("left");
        isWanted = false;
        return client.leave(room);
      },
    },
    () => {
      const before = store.getSnapshot();
      before.join();
      // It may have ended while nobody listened: a client that is in the room has said so by then.
      queueMicrotask(() => {
        if (before.status !== "joined" || before !== store.getSnapshot()) return;
        become("joining");
        enter();
      });
      return [
        client.on("ws:connected", () => isWanted && enter()),
        // A client that was closed is in no room, and may come back as somebody else.
        client.connection.subscribe(() => {
          const { status } = client.connection.getSnapshot();
          if (isWanted && status === "idle") become("joining");
        }),
        client.on("ws:room-closed", (event: LocalEvents["ws:room-closed"]) => {
          if (event.room !== room) return;
          isWanted = false;
          become("closed", event.code);
        }),
      ];
    },
  );
  return store;
});
