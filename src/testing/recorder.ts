import type { EventClient } from "../client/event-client.js";
import type { Contract } from "../contract/contract.js";
import type { ContractTypes, NameOf } from "../contract/contract-types.js";
import { ContractError } from "../contract/errors.js";
import { captureLine, type RecordedEvent } from "./recorded-event.js";

/** Everything that a client handed on, from the call of `recordEvents` to that of `stop`. */
export interface Recorder<TTypes extends ContractTypes> {
  /** In the order in which they came. */
  readonly events: readonly RecordedEvent[];
  /** The payloads of one app-side name, in order. @throws {ContractError} `unknown_event` for a name that no event has */
  of<TName extends keyof TTypes["appEvents"] & string>(name: TName): TTypes["appEvents"][TName][];
  /** The record as NDJSON, which `gestaloka-events validate` reads. */
  toNdjson(): string;
  /** Records no more. */
  stop(): void;
}

/** Records the events of a contract as a client hands them on; register it before the client connects to miss none. */
export function recordEvents<TTypes extends ContractTypes>(
  client: EventClient<TTypes>,
  contract: Contract<TTypes>,
): Recorder<TTypes> {
  const events: RecordedEvent[] = [];
  const stops = [...contract.events.values()].map(({ name, appName }) =>
    client.on(appName as NameOf<TTypes["appEvents"]>, (payload, meta) => {
      events.push({ event: name, appName, payload, meta, receivedAt: Date.now() });
    }),
  );
  return {
    events,
    of(name) {
      // Nothing would ever be there, and so each test that nothing came would hold.
      if (!contract.appEvents.has(name)) throw new ContractError("unknown_event", name);
      return events.filter(({ appName }) => appName === name).map(({ payload }) => payload) as never[];
    },
    toNdjson: () => events.map(captureLine).join(""),
    stop() {
      for (const stop of stops) stop();
    },
  };
}
