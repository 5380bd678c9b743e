import { type Finding, noMessage, skipped } from "./finding.js";
import { isFrame, readFrame } from "./frame.js";

const TEXT_OPCODE = 1;

/**
 * Reads the WebSocket messages of a HAR file, which may hold sockets that are none of Socket.IO's: a message that is no
 * frame counts against a socket only once a frame that none but Engine.IO sends has passed over it.
 */
export class HarMessages {
  #socket = 0;
  #engine = false;

  read(value: unknown, socket: number): readonly Finding[] {
    if (socket !== this.#socket) {
      this.#socket = socket;
      this.#engine = false;
    }
    const { type, opcode, data } = (value ?? {}) as Readonly<Record<string, unknown>>;
    if ((type !== "send" && type !== "receive") || typeof data !== "string")
      return noMessage("a WebSocket message of type send or receive with data", "something else");
    if (opcode !== undefined && opcode !== TEXT_OPCODE) return skipped;
    if (/^(?:0\{|[23]probe$|4[0-6][[{/\d])/.test(data)) this.#engine = true;
    const found = isFrame(data)
      ? readFrame(data, type === "send" ? "client_to_server" : "server_to_client")
      : undefined;
    return found ?? (this.#engine ? noMessage("a Socket.IO frame", "text that is none") : skipped);
  }
}
