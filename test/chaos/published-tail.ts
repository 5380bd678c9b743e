import { openSync, readSync } from "node:fs";
import { PublishedState } from "./published-ledger.js";

/** What all publishers have published so far, read on from where it was left: the database of all nodes. */
export class PublishedTail {
  private readonly published: PublishedState;
  private readonly files: { readonly descriptor: number; offset: number }[];
  private readonly buffer = Buffer.alloc(64 * 1_024);

  constructor(files: readonly string[], streams: number) {
    this.published = new PublishedState(streams);
    this.files = files.map((file) => ({ descriptor: openSync(file, "r"), offset: 0 }));
  }

  read(): PublishedState {
    const { buffer, published } = this;
    for (const file of this.files) {
      for (;;) {
        const length = readSync(file.descriptor, buffer, 0, buffer.length, file.offset) & ~7;
        if (length === 0) break;
        file.offset += length;
        for (let at = 0; at < length; at += 8) {
          const head = buffer.readUInt32LE(at);
          published.apply({ kind: head >>> 24, stream: head & 0xff_ffff, number: buffer.readUInt32LE(at + 4) });
        }
      }
    }
    return published;
  }
}
