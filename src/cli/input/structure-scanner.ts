const QUOTE = 34;
const BACKSLASH = 92;
const LF = 10;

/** The bytes that a scanner reports: `{ } [ ] , :` and the quotes at both ends of a string. */
export const bytes = {
  quote: QUOTE,
  comma: 44,
  colon: 58,
  open: 123,
  close: 125,
  openArray: 91,
  closeArray: 93,
} as const;

const structural = new Uint8Array(256);
for (const byte of Object.values(bytes)) structural[byte] = 1;

/** Finds the structure of JSON text handed over in chunks, without reading its values. */
export class StructureScanner {
  /** How many objects and arrays are open. */
  depth = 0;
  inString = false;
  /** The line of the byte reported. */
  line = 1;
  #escaped = false;

  /** Calls `report` at each structural byte, after `depth` and `inString` took it in. */
  scan(chunk: Buffer, report: (byte: number, at: number) => void): void {
    let { inString } = this;
    let escaped = this.#escaped;
    const { length } = chunk;
    for (let at = 0; at < length; at++) {
      const byte = chunk[at] as number;
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) {
          inString = this.inString = false;
          report(byte, at);
        }
        if (byte === LF) this.line++;
      } else if (structural[byte] === 1) {
        if (byte === QUOTE) inString = this.inString = true;
        else if (byte === bytes.open || byte === bytes.openArray) this.depth++;
        else if (byte === bytes.close || byte === bytes.closeArray) this.depth = Math.max(0, this.depth - 1);
        report(byte, at);
      } else if (byte === LF) this.line++;
    }
    this.#escaped = escaped;
  }
}
