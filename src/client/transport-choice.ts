import type { Clock } from "./clock.js";
import type { Transports } from "./dial.js";

/** How long it is remembered which transport did not work, ms. */
const memoryMs = 600_000;

/** Which transports to try next, in order. */
export interface TransportChoice {
  order(): Transports;
  /** Tries this one before the others, where it is allowed at all, for as long as is remembered why. */
  prefer(name: string): void;
}

/** The order that was given, unless another transport was found to get further. */
export function createTransportChoice(transports: Transports, clock: Clock): TransportChoice {
  const given = transports as string[];
  let until = 0;
  let preferred = given;
  return {
    order: () => (clock() < until ? preferred : given),
    prefer(name) {
      if (!given.includes(name)) return;
      // Not alone: it may be one of the others that gets through later.
      preferred = [name, ...given.filter((other) => other !== name)];
      until = clock() + memoryMs;
    },
  };
}
