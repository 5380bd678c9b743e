/**
 * One message, encoded once for however many connections; it is also the options that Engine.IO is handed with it.
 *
 * A WebSocket without compression takes the finished frame, as it does from Socket.IO's own adapter; polling, compression
 * and other WebSocket engines take the text.
 */
export class Frame {
  /** Set by Engine.IO. */
  compress: boolean | undefined = undefined;
  readonly wsPreEncodedFrame: readonly [Buffer];
  /**
   * A Socket.IO packet: its type, its namespace if it has one, and a JSON array. It is put together by whoever reads it,
   * which no WebSocket does.
   */
  readonly text: string;

  /** The array is `before`, `payload` and `behind`; `length` is the UTF-8 bytes of the whole packet. */
  constructor(
    before: string,
    payload: string,
    behind: string,
    private readonly start: string,
    length: number,
  ) {
    const first = start + before;
    this.text = first + payload + behind;
    this.wsPreEncodedFrame = [webSocketFrame(first, payload, behind, length + 1)];
  }

  /** The array; cut out when it is asked for, since one that is kept would keep what it was made of, too. */
  get json(): string {
    return this.text.slice(this.start.length);
  }

  /** Bytes on a WebSocket. */
  get bytes(): number {
    return this.wsPreEncodedFrame[0].length;
  }
}

// Engine.IO's packet type for a message.
const message = 0x34;
const finalText = 0x81;

/**
 * A whole unmasked text frame of RFC 6455 in one buffer, so that it leaves in one write; `length` counts both types' bytes.
 *
 * The payload is written by itself: joined to the rest it would be copied once more before it is encoded.
 */
function webSocketFrame(first: string, payload: string, behind: string, length: number): Buffer {
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
  let at = head + 1;
  at += frame.write(first, at);
  at += frame.write(payload, at);
  frame.write(behind, at);
  return frame;
}
