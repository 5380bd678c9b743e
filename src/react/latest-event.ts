import { useState } from "react";
import type { EventMeta } from "../client/listeners.js";
import type { AnyClient } from "./any-client.js";
import { useClientEvent } from "./client-event.js";
import { useConnectionOf } from "./connection.js";

/** Whether an event is for this room; a plain server does not say where an event belongs. */
export function isOf(room: string | undefined, meta: EventMeta): boolean {
  return room === undefined || meta.room === undefined || meta.room === room;
}

/** The last event of this name that came since the component is on the page. */
export function useLatestOf(client: AnyClient | undefined, name: string, room: string | undefined): unknown {
  const user = useConnectionOf(client, ({ userId }) => userId);
  const [last, setLast] = useState<{ readonly of: readonly unknown[]; readonly payload: unknown }>();
  useClientEvent(client, name, (payload, meta) => {
    if (isOf(room, meta)) setLast({ of: [client, name, room, client?.connection.getSnapshot().userId], payload });
  });
  // What came for another name, room, client or user is nothing to show.
  return last && [client, name, room, user].every((part, i) => part === last.of[i]) ? last.payload : undefined;
}
