import type { LocalEvents } from "../client/local-events.js";
import type { AnyClient } from "./any-client.js";
import { perClient } from "./per-client.js";
import { createStore, type Store } from "./store.js";

/** `left` by this page; `closed` by the server, which refused the room or put the user out. */
export type RoomStatus = "joining" | "joined" | "left" | "closed";

/** A room at one moment. The same object until something changes. */
export interface RoomSnapshot<TData = unknown> {
  readonly status: RoomStatus;
  /** Why it is closed: a stable code. */
  readonly code: string | undefined;
  /** What the server answered to the last entry; anew after every reconnect. */
  readonly data: TData | undefined;
}

export const outside: RoomSnapshot<never> = { status: "joining", code: undefined, data: undefined };

/** A room that the page wants to be in from the first subscriber on, whatever unmounts, until `leave`. */
export interface RoomStore extends Pick<Store<RoomSnapshot>, "subscribe" | "getSnapshot"> {
  join(): void;
  leave(): Promise<void>;
}

/** The store of a client's room, one for all that ask for it. */
export const roomStoreOf: (client: AnyClient, room: string) => RoomStore = /* @__PURE__ */ perClient(createRoomStore);

function createRoomStore(client: AnyClient, room: string): RoomStore {
  let wanted = true;
  let turn = 0;
  const { set, ...store } = createStore<RoomSnapshot>(outside, () => {
    const offs = [
      client.on("ws:connected", () => wanted && enter()),
      client.on(
        "ws:room-closed",
        (event: LocalEvents["ws:room-closed"]) => event.room === room && end("closed", event.code),
      ),
    ];
    join();
    return () => {
      for (const off of offs) off();
    };
  });

  function enter(): void {
    const mine = ++turn;
    const answered = (next: () => void) => mine === turn && next();
    client.join(room).then(
      (data) => answered(() => set({ status: "joined", code: undefined, data })),
      ({ code }: { readonly code: string }) =>
        answered(() => {
          if (code === "closed") end("left");
          else if (code === "room_invalid") end("closed", code);
          // The client is in it, as far as can be told, and what the server said of it cannot be used.
          else set({ status: "joined", code, data: undefined });
        }),
    );
  }

  function end(status: RoomStatus, code?: string): void {
    wanted = false;
    turn++;
    set({ status, code, data: undefined });
  }

  function join(): void {
    wanted = true;
    if (store.getSnapshot().status !== "joined") set(outside);
    enter();
  }

  return {
    ...store,
    join,
    leave() {
      end("left");
      return client.leave(room);
    },
  };
}
