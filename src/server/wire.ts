import type { StoredEvent } from "../delivery/stored-event.js";
import { Frame } from "./frame.js";
import type { Reports } from "./reports.js";
import type { Namespace } from "./socket-io.js";

interface Encoding {
  readonly server: { readonly encoder: { encode(packet: object): unknown[] } };
}

/** How frames are written in a namespace. */
export class Wire {
  /** Whether the server speaks Socket.IO's own JSON encoding; with another parser everything goes through `emit`. */
  readonly direct: boolean;
  private readonly start: string;
  private readonly startBytes: number;

  constructor(
    namespace: Namespace,
    readonly reports: Reports,
  ) {
    const { name } = namespace;
    this.start = name === "/" ? "2" : `2${name},`;
    this.startBytes = Buffer.byteLength(this.start);
    this.direct = encodes(namespace as unknown as Encoding, name, this.start);
  }

  /** Makes the frame of a packet from its JSON array, `bytes` being its UTF-8 bytes where they are known. */
  frame(json: string, bytes: number = Buffer.byteLength(json)): Frame {
    return new Frame("", json, "", this.start, this.startBytes + bytes);
  }

  /** Makes the frame of one event: its name, its payload, and what is behind them, the closing bracket included. */
  eventFrame({ name, payload, bytes }: StoredEvent, behind: string): Frame {
    // A bracket and a comma are before and behind the name.
    return new Frame(`[${name},`, payload, behind, this.start, this.startBytes + bytes + 2 + behind.length);
  }
}

function encodes({ server }: Encoding, nsp: string, start: string): boolean {
  try {
    const encoded = server.encoder.encode({ type: 2, nsp, data: ["a", { b: 1 }] });
    return encoded.length === 1 && encoded[0] === `${start}["a",{"b":1}]`;
  } catch {
    return false;
  }
}
