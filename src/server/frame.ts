/** What Engine.IO is told about a message; it sets `compress` itself. */
export interface WriteOptions {
  compress?: boolean;
  wsPreEncodedFrame?: Buffer[];
}

/**
 * One message, encoded once for however many connections.
 *
 * A WebSocket without compression is handed the finished frame, as Socket.IO's own adapter does; polling, compression
 * and other WebSocket engines take the text.
 */
export class Frame {
  readonly options: WriteOptions;
  /** Bytes on a WebSocket. */
  readonly bytes: number;

  /** `text` is a Socket.IO packet: its type, its namespace if it has one, and the JSON array `json`. */
  constructor(
    readonly text: string,
    readonly json: string,
  ) {
    const frame = webSocketFrame(text);
    this.bytes = frame.length;
    this.options = { wsPreEncodedFrame: [frame] };
  }
}

// Engine.IO's packet type for a message.
const message = 0x34;
const finalText = 0x81;

/** A whole unmasked text frame of RFC 6455 in one buffer, so that it leaves in one write. */
function webSocketFrame(text: string): Buffer {
  const length = Buffer.byteLength(text) + 1;
  const head = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(head + length);
  frame[0] = finalText;
  if (head === 2) frame[1] = length;
  else if (head === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeUInt32BE(0, 2);
    frame.writeUInt32BE(length, 6);
  }
  frame[head] = message;
  frame.write(text, head + 1);
  return frame;
}
