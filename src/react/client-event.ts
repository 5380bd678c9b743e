import type { EventMeta } from "../client/listeners.js";
import type { AnyClient } from "./any-client.js";
import { useCommitEffect } from "./commit-effect.js";
import { useLatest } from "./latest.js";

/** Calls the handler of the last render with every event of this name; one registration, whatever renders. */
export function useClientEvent(
  client: AnyClient | undefined,
  name: string,
  handler: (payload: never, meta: EventMeta) => unknown,
): void {
  const latest = useLatest(handler);
  useCommitEffect(() => client?.on(name, (payload, meta) => latest.current(payload, meta)), [client, name, latest]);
}
