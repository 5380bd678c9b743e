import type { GestalokaTypes } from "@gestaloka/events";
import type { EventClient } from "@gestaloka/events/client";

export type GameClient = EventClient<GestalokaTypes>;
