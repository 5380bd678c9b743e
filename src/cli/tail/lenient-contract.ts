import type { Contract, EventEntry, PayloadChecker } from "../../contract/contract.js";

const anything: PayloadChecker = { accepts: () => true, explain: () => undefined };

/** The contract with no payload of an event refused: a client of it hands on what is wrong as well. */
export function lenientContract(contract: Contract): Contract {
  const lenient = ([name, event]: readonly [string, EventEntry]) => [name, { ...event, payload: anything }] as const;
  return {
    ...contract,
    events: new Map([...contract.events].map(lenient)),
    appEvents: new Map([...contract.appEvents].map(lenient)),
  };
}
