// biome-ignore-all lint/correctness/noComponentHookFactories: a module makes the hooks of a contract once
import { createContext, type ReactElement, type ReactNode, useContext, useSyncExternalStore } from "react";
import type { ConnectionSnapshot } from "../client/connection-store.js";
import type { EventClient, EventHandler } from "../client/event-client.js";
import type { LocalEvents } from "../client/local-events.js";
import type { Contract } from "../contract/contract.js";
import type { ContractTypes, JoinAckOf } from "../contract/contract-types.js";
import { ContractError } from "../contract/errors.js";
import { type AnyClient, noClient } from "./any-client.js";
import { useClientEvent } from "./client-event.js";
import { type ClientContext, type ProvidedClient, useProvider } from "./events-provider.js";
import { useLatestOf } from "./latest-event.js";
import { type JoinedRoom, roomOf } from "./room-store.js";
import { connectionOf, useStore } from "./store.js";

/** What an `EventsProvider` takes: `client`, or `create`. */
export type EventsProviderProps<TTypes extends ContractTypes> = ProvidedClient<EventClient<TTypes>> & {
  readonly children?: ReactNode;
};

/** The hooks of one contract. */
export interface EventHooks<TTypes extends ContractTypes> {
  /** Gives the hooks below it their client. Owns no client that it did not create. */
  EventsProvider(props: EventsProviderProps<TTypes>): ReactElement;
  /** The provider's client; `undefined` on a server, in the first render, and while the application gives none. */
  useEventClient(): EventClient<TTypes> | undefined;
  /**
   * Calls the handler of the last render with every event of this app-side name, or with what the client itself tells
   * (`ws:resync` and the like), from the mount to the unmount.
   */
  useEvent<TName extends (keyof TTypes["appEvents"] | keyof LocalEvents) & string>(
    name: TName,
    handler: EventHandler<(TTypes["appEvents"] & LocalEvents)[TName]>,
  ): void;
  /**
   * The last payload of this name that came since the mount, `undefined` before the first.
   *
   * With `room` that of this room alone; an event of a plain server, which tells no room, counts for any.
   */
  useLatestEvent<TName extends keyof TTypes["appEvents"] & string>(
    name: TName,
    options?: { readonly room?: (TTypes["rooms"][keyof TTypes["rooms"]] & string) | undefined },
  ): TTypes["appEvents"][TName] | undefined;
  /** The connection now; the same object until it changes. */
  useConnection(): ConnectionSnapshot;
  /** Enters a room, and stays in it over reconnects and unmounts until `leave`. `undefined`: no room yet. */
  useRoom<TRoom extends TTypes["rooms"][keyof TTypes["joins"] & keyof TTypes["rooms"]] & string>(
    room: TRoom | undefined,
  ): JoinedRoom<JoinAckOf<TTypes, TRoom>>;
}

/**
 * Makes the hooks of a contract, typed by it; each call has a context of its own, so that a module makes it once.
 *
 * @example
 * ```ts
 * import { contract } from "@gestaloka/events";
 * import { createEventHooks } from "@gestaloka/events/react";
 *
 * export const { EventsProvider, useEvent, useLatestEvent, useConnection, useRoom } = createEventHooks(contract);
 * ```
 */
export function createEventHooks<TTypes extends ContractTypes>(contract: Contract<TTypes>): EventHooks<TTypes>;
export function createEventHooks(): object {
  const context: ClientContext = createContext<AnyClient | true | null | undefined>(true);

  function useClient(): AnyClient | undefined {
    const client = useContext(context);
    if (client === true) throw new ContractError("provider_missing", "add an EventsProvider");
    const read = () => client || undefined;
    // What is hydrated late finds a client that the server, which rendered it, had not.
    return useSyncExternalStore(noClient.connection.subscribe, read, () => undefined);
  }

  return {
    EventsProvider: (props: Parameters<typeof useProvider>[1]) => useProvider(context, props),
    useEventClient: useClient,
    useEvent: (event: string, handler: EventHandler<never>) => useClientEvent(useClient(), event, handler),
    useLatestEvent: (event: string, options?: { readonly room?: string }) =>
      useLatestOf(useClient(), event, options?.room),
    useConnection: () => useStore(connectionOf, useClient(), "all"),
    useRoom: (room: string | undefined) => useStore(roomOf, useClient(), room),
  };
}
