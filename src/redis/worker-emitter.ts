import type { Contract } from "../contract/contract.js";
import type { ContractTypes } from "../contract/contract-types.js";
import type { Backend } from "../server/backend.js";
import { checkKinds, requireContract } from "../server/check-options.js";
import type { EmitTarget } from "../server/event-target.js";
import type { Logger } from "../server/logger.js";
import type { Metrics } from "../server/metrics.js";
import { Publisher } from "../server/publisher.js";
import { type ErrorContext, Reports } from "../server/reports.js";
import { requireBackend } from "../server/require-backend.js";
import { toRoomTargets } from "../server/room-emitter.js";

/** What a worker needs to emit. */
export interface WorkerEmitterOptions<TTypes extends ContractTypes> {
  /** The contract of the servers. */
  readonly contract: Contract<TTypes>;
  /** The one that the servers have: over the same Redis, with the same prefix. */
  readonly backend: Backend;
  /** Is told of emissions and failures; nothing is logged without one. */
  readonly logger?: Logger | undefined;
  /** Is told the figures; nothing is counted without one. */
  readonly metrics?: Metrics | undefined;
  /** Gets every error that the library catches, for an error tracker. */
  readonly onError?: ((error: unknown, context: ErrorContext) => void) | undefined;
  /** Throws at once what an emit is refused with for its payload, its event or its room: for development and tests. */
  readonly throwOnInvalid?: boolean | undefined;
}

/** Emits to the rooms of servers elsewhere; the generated emitter classes take it as they take a server. */
export interface WorkerEmitter<TTypes extends ContractTypes> extends EmitTarget<TTypes> {
  /** Appends what waits, lets the backend go once it is written, and tells the last counts. */
  close(): Promise<void>;
}

/**
 * Emits from a process without sockets: checked, logged and numbered as a server's emits are, through the same code.
 *
 * Emits that come before the backend is connected wait for it as long as for any answer of it.
 *
 * @throws {ContractError} `backend_invalid` for what is no backend, `contract_invalid` for what is no contract, and for an option
 * of another kind.
 */
export function createWorkerEmitter<TTypes extends ContractTypes>(
  options: WorkerEmitterOptions<TTypes>,
): WorkerEmitter<TTypes> {
  const { contract, backend, logger, metrics, onError, throwOnInvalid = false } = options ?? {};
  requireBackend(backend);
  requireContract(contract);
  checkKinds(options);
  const reports = new Reports(logger, metrics, onError);
  const publisher = new Publisher(contract as never, backend, reports, throwOnInvalid);
  const open = async () => backend.open();
  const opened = open().catch((error) => reports.error(error, { during: "backend" }));
  const close = async (): Promise<void> => {
    publisher.flush();
    try {
      await opened;
      await backend.close();
    } finally {
      reports.close();
    }
  };
  let closed: Promise<void> | undefined;
  return {
    // Types are checked where the application stands; inside, names are text and payloads are objects.
    to: toRoomTargets(contract as never, publisher) as never,
    // Once, as a server.
    close() {
      closed ??= close();
      return closed;
    },
  };
}
