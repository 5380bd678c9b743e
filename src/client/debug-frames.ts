import { ContractError } from "../contract/errors.js";
import {
  type Debug,
  debugRefusal,
  type PacketSource,
  startDebugging,
  type TraceLog,
  traceFrames,
} from "../delivery/debugging.js";

/**
 * For the option `debug` of `createEventClient`: writes each frame's name, place and size to a logger, and in Node turns on
 * Socket.IO's and Engine.IO's own logs. A function, so that a page that does not debug does not load it.
 *
 * @throws {ContractError} `debug_refused` where `NODE_ENV` is `production`, unless `debug` is `"forced"`
 */
export function debugFrames(logger: TraceLog, debug: Debug = true): (engine: PacketSource) => void {
  if (!startDebugging(debug)) throw new ContractError("debug_refused", debugRefusal);
  return (engine) => traceFrames(engine, (fields, message) => logger.debug(fields, message));
}
