/** A stretch of what a client sent, and what begins with it. */
type Segment = { readonly bytes: Buffer; readonly begins?: "request" | "upgrade" };

const MAX_HEAD_BYTES = 16 * 1024;
const HEAD_END = Buffer.from("\r\n\r\n");
const REQUEST_LINE = /^[A-Z]+ \S+ HTTP\/1\.[01]\r\n/;

type State = "head" | "body" | "chunk-size" | "opaque";

/**
 * Reads just enough of a client's HTTP/1.1 bytes to say where a request begins and whether it asks for a WebSocket,
 * over any number of requests on one kept-alive connection. What is no HTTP, and all that follows an upgrade, passes
 * as it is. Bytes of a head that is not complete are held until it is.
 */
class RequestHeadReader {
  #state: State = "head";
  #held: Buffer | undefined;
  #bodyLeft = 0;
  #chunked = false;

  read(chunk: Buffer): Segment[] {
    // What an upgraded or foreign connection carries is the bulk of all bytes.
    if (this.#state === "opaque") return [{ bytes: chunk }];
    const segments: Segment[] = [];
    let rest: Buffer = this.#held ? Buffer.concat([this.#held, chunk]) : chunk;
    this.#held = undefined;
    while (rest.length > 0) {
      const taken = this.#take(rest, segments);
      if (taken === 0) {
        this.#held = rest;
        break;
      }
      rest = rest.subarray(taken);
    }
    return segments;
  }

  /** The held bytes of an incomplete head, when nothing more will come. */
  end(): Buffer | undefined {
    const held = this.#held;
    this.#held = undefined;
    return held;
  }

  /** How many bytes of `rest` went into `segments`: 0 when more are needed. */
  #take(rest: Buffer, segments: Segment[]): number {
    if (this.#state === "head") return this.#takeHead(rest, segments);
    if (this.#state === "chunk-size") return this.#takeChunkSize(rest, segments);
    const length = this.#state === "opaque" ? rest.length : Math.min(rest.length, this.#bodyLeft);
    segments.push({ bytes: rest.subarray(0, length) });
    if (this.#state === "body") {
      this.#bodyLeft -= length;
      if (this.#bodyLeft === 0) this.#state = this.#chunked ? "chunk-size" : "head";
    }
    return length;
  }

  #takeHead(rest: Buffer, segments: Segment[]): number {
    const end = rest.indexOf(HEAD_END);
    const first = rest[0] ?? 0;
    const foreign = first < 0x41 || first > 0x5a || (end === -1 && rest.length > MAX_HEAD_BYTES);
    const head = foreign ? "" : rest.toString("latin1", 0, end === -1 ? rest.length : end + 2);
    const isRequest = REQUEST_LINE.test(head);
    // Wait for the rest of a request, or for a first line that tells whether it is one.
    if (end === -1 && !foreign && (isRequest || !head.includes("\r\n"))) return 0;
    if (!isRequest) {
      this.#state = "opaque";
      segments.push({ bytes: rest });
      return rest.length;
    }
    const length = end + HEAD_END.length;
    const upgrade = /\r\nupgrade:[ \t]*websocket[ \t]*\r\n/i.test(head);
    this.#bodyLeft = Number(/\r\ncontent-length:[ \t]*(\d+)/i.exec(head)?.[1] ?? 0);
    this.#chunked = /\r\ntransfer-encoding:[ \t]*chunked/i.test(head);
    if (upgrade) this.#state = "opaque";
    else if (this.#chunked) this.#state = "chunk-size";
    else if (this.#bodyLeft > 0) this.#state = "body";
    segments.push({ bytes: rest.subarray(0, length), begins: upgrade ? "upgrade" : "request" });
    return length;
  }

  #takeChunkSize(rest: Buffer, segments: Segment[]): number {
    const end = rest.indexOf("\r\n");
    if (end === -1) return 0;
    const size = Number.parseInt(rest.toString("latin1", 0, end), 16);
    segments.push({ bytes: rest.subarray(0, end + 2) });
    // Each chunk ends with a line break; the empty one is followed by the line break that ends the body (trailers,
    // which no client of these tests sends, are not read).
    this.#bodyLeft = size + 2;
    if (!(size > 0)) this.#chunked = false;
    this.#state = "body";
    return end + 2;
  }
}

export type { Segment };
export { RequestHeadReader };
