import type { EventClient, EventHandler } from "../client/event-client.js";
import type { LocalEvents } from "../client/local-events.js";
import type { ContractTypes } from "../contract/contract-types.js";
import { ContractError } from "../contract/errors.js";

/** Which event is meant, and how long it may take. */
export interface ExpectOptions<TPayload> {
  /** Passes over events that it returns `false` for; what it throws is what is rejected with. */
  readonly where?: ((payload: TPayload) => boolean) | undefined;
  /** ms; 2,000. */
  readonly withinMs?: number | undefined;
}

/**
 * Resolves with the payload of the next event of this name. Rejects with a `ContractError`: `timeout` when none came in time,
 * and says what came instead; `unknown_event` for a name that no event has.
 *
 * Call it before what causes the event, and await it after: `const told = expectEvent(client, "order:changed")`.
 */
export function expectEvent<
  TTypes extends ContractTypes,
  TName extends (keyof TTypes["appEvents"] | keyof LocalEvents) & string,
>(
  client: EventClient<TTypes>,
  name: TName,
  { where = () => true, withinMs = 2_000 }: ExpectOptions<(TTypes["appEvents"] & LocalEvents)[TName]> = {},
): Promise<(TTypes["appEvents"] & LocalEvents)[TName]> {
  const before = { ...client.counts };
  return new Promise((resolve, reject) => {
    let passedOver = 0;
    const handler: EventHandler<(TTypes["appEvents"] & LocalEvents)[TName]> = (payload) => {
      try {
        if (!where(payload)) return void passedOver++;
        resolve(payload);
      } catch (error) {
        // Thrown on, it would be the client's to tell, and this test's only that nothing came.
        reject(error);
      }
      stop();
      clearTimeout(timer);
    };
    const stop = client.on(name, handler);
    const timer = setTimeout(() => {
      stop();
      const { received, invalid, unknown } = client.counts;
      // What the client tells by itself is none of those that came.
      const others = received - before.received - (name.startsWith("ws:") ? 0 : passedOver);
      reject(
        new ContractError(
          "timeout",
          `no ${name} within ${withinMs} ms; meanwhile ${passedOver} of that name did not fit, ${others} of other names came, ` +
            `${invalid - before.invalid} were refused and ${unknown - before.unknown} are not of the contract`,
        ),
      );
    }, withinMs);
  });
}
