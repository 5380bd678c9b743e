import type { Piece, Splitter } from "../../../src/cli/input/piece.js";

/** Cuts bytes handed over in chunks of one size, whose memory is overwritten after each call, as a file's is. */
export function cut(splitter: Splitter, content: string | Buffer, chunkSize = Number.MAX_SAFE_INTEGER): Piece[] {
  const bytes = Buffer.from(content);
  const found: Piece[] = [];
  for (let at = 0; at < bytes.length; at += chunkSize) {
    const chunk = Buffer.from(bytes.subarray(at, at + chunkSize));
    found.push(...splitter.push(chunk));
    chunk.fill(0x21);
  }
  return [...found, ...splitter.end()];
}

/** `3: text`, `3#2: text` or `3: !flaw` */
export function shown({ place, text, flaw }: Piece): string {
  const item = place.item === undefined ? "" : `#${place.item}`;
  return `${place.line}${item}: ${text === undefined ? `!${flaw}` : text.trim()}`;
}
