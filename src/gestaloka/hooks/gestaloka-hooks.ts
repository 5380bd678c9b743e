import type { EventClient } from "../../client/event-client.js";
import type { AnyClient } from "../../react/any-client.js";
import { createEventHooks } from "../../react/event-hooks.js";
import { contract } from "../client.gen.js";
import type { GestalokaTypes } from "../types.gen.js";

/** A client of Gestaloka's contract. */
export type GestalokaClient = EventClient<GestalokaTypes>;

/** The hooks that any contract has, for Gestaloka's. */
export const gestalokaHooks = /* @__PURE__ */ createEventHooks(contract);

export const { useEventClient, useEvent, useLatestEvent, useConnection, useRoom } = gestalokaHooks;

/** The client for what is generic. */
export const useAnyClient = useEventClient as () => AnyClient | undefined;
