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

  constructor(
    namespace: Namespace,
    readonly reports: Reports,
  ) {
    const { name } = namespace;
    this.start = name === "/" ? "2" : `2${name},`;
    this.direct = encodes(namespace as unknown as Encoding, name, this.start);
  }

  /** Makes the frame of a packet from its JSON array. */
  frame(json: string): Frame {
    return new Frame(this.start + json, json);
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
