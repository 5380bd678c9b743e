import type { EventClient } from "../../client/event-client.js";
import type { AnyClient } from "../../react/any-client.js";
import { createEventHooks } from "../../react/event-hooks.js";
import { contract } from "../client.gen.js";
import type { GestalokaTypes } from "../types.gen.js";

/** A client of Gestaloka's contract. */
export type GestalokaClient = EventClient<GestalokaTypes>;

// The hooks that any contract has, for Gestaloka's.
const gestalokaHooks = /* @__PURE__ */ createEventHooks(contract);

export const {
  /** Gives the hooks below it their client. */
  EventsProvider,
  /** The provider's client; `undefined` on a server, in the first render, and while the application gives none. */
  useEventClient,
  /** Calls the handler of the last render with every event of this app-side name, from the mount to the unmount. */
  useEvent,
  /** The last payload of this name since the mount, of one `room` where it is given; `undefined` before the first. */
  useLatestEvent,
  /** The connection now; the same object until it changes. */
  useConnection,
  /** Enters a room, and stays in it over reconnects and unmounts until `leave`. `undefined`: no room yet. */
  useRoom,
} = gestalokaHooks;

/** The client for what is generic. */
export const useAnyClient = useEventClient as () => AnyClient | undefined;
