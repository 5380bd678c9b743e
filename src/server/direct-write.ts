import type { Frame } from "./frame.js";
import type { EngineConnection } from "./socket-io.js";

const webSocketOpen = 1;

/**
 * Hands a finished frame to a connection's WebSocket, past Engine.IO's buffer; false where it has to go through it.
 *
 * Engine.IO hands it to the same function of ws, after a packet object, five events and two arrays, which cost more than
 * the check and the log of what is sent. It is passed by only while nothing waits in it, so that the order is its own, and
 * while nobody listens to what it tells of its packets. For a reader that is slow the frames wait below it, each once: in
 * it they would wait with their texts.
 */
export function writeDirectly(engine: EngineConnection, frame: Frame): boolean {
  const { transport } = engine;
  const { socket } = transport;
  const sender = socket?._sender;
  if (
    sender === undefined ||
    typeof sender.sendFrame !== "function" ||
    (transport.opts ?? transport).perMessageDeflate ||
    !transport.writable ||
    engine.readyState !== "open" ||
    engine.writeBuffer.length > 0 ||
    socket?.readyState !== webSocketOpen ||
    isHeard(engine)
  )
    return false;
  sender.sendFrame(frame.wsPreEncodedFrame);
  return true;
}

function isHeard(engine: EngineConnection): boolean {
  return engine.listenerCount("packetCreate") + engine.listenerCount("flush") + engine.listenerCount("drain") > 0;
}
