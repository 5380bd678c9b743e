import { createElement, type ReactElement } from "react";
import type { EventsProviderProps } from "../../react/event-hooks.js";
import type { GestalokaTypes } from "../types.gen.js";
import { gestalokaHooks } from "./gestaloka-hooks.js";
import { NotificationsKeeper } from "./notifications.js";

/**
 * Gives Gestaloka's hooks their client, and keeps the notifications that come while no component shows them.
 *
 * `client` stays the application's: it is never connected and never closed here. With `create`, a client is made once
 * the provider is on the page, and closed when it goes; StrictMode and hot reload leave it alone.
 */
export function EventsProvider({ children, ...given }: EventsProviderProps<GestalokaTypes>): ReactElement {
  return createElement(gestalokaHooks.EventsProvider, given as never, createElement(NotificationsKeeper), children);
}
