import type { EnginePacket } from "./socket-io.js";

/**
 * Counts the bytes that wait in a buffer of Engine.IO's.
 *
 * Engine.IO adds to its buffer until it hands over all of it, for another one: of thousands of packets only those that are
 * new are gone through.
 */
export class BufferedBytes {
  private buffer: readonly EnginePacket[] = [];
  private counted = 0;
  private bytes = 0;

  count(buffer: readonly EnginePacket[]): number {
    if (this.buffer !== buffer || this.counted > buffer.length) {
      this.buffer = buffer;
      this.counted = 0;
      this.bytes = 0;
    }
    for (; this.counted < buffer.length; this.counted++) this.bytes += bytesOf(buffer[this.counted] as EnginePacket);
    return this.bytes;
  }
}

function bytesOf({ data, options }: EnginePacket): number {
  const frame = options?.wsPreEncodedFrame;
  if (frame) return frame.reduce((sum, { length }) => sum + length, 0);
  return typeof data === "string" ? data.length : ((data as Partial<ArrayBufferView> | undefined)?.byteLength ?? 0);
}
