import { request as ask, createServer, type IncomingMessage } from "node:http";
import { type AddressInfo, connect } from "node:net";

/** A balancer that gives each request to the next node, whoever asks: what a missing sticky session looks like. */
export interface RoundRobin {
  readonly url: string;
  readonly requests: number;
  /** What new requests for a WebSocket are met with. */
  refuseUpgrades(refused: boolean): void;
  close(): void;
}

/** Starts a balancer on a free port of 127.0.0.1; a node gets `stays` requests in a row, counted from each handshake. */
export async function startRoundRobin(ports: readonly number[], stays = 1): Promise<RoundRobin> {
  let requests = 0;
  let refused = false;
  let turn = 0;
  const portFor = ({ url = "" }: IncomingMessage) => {
    requests++;
    // A handshake is the next node's, in any case.
    if (!url.includes("sid=")) turn = Math.ceil(turn / stays) * stays;
    return ports[Math.floor(turn++ / stays) % ports.length] as number;
  };
  const server = createServer((request, response) => {
    const { method, url: path, headers } = request;
    const onward = ask(
      { host: "127.0.0.1", port: portFor(request), method, path, headers, agent: false } as object,
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on("error", () => response.destroy());
    response.on("close", () => onward.destroy());
    request.pipe(onward);
  });
  server.on("upgrade", (request: IncomingMessage, socket, head) => {
    if (refused) return socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    const onward = connect(portFor(request), "127.0.0.1", () => {
      const { rawHeaders } = request;
      const lines = rawHeaders.flatMap((name, at) => (at % 2 === 0 ? `${name}: ${rawHeaders[at + 1]}` : []));
      onward.write(`GET ${request.url} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    onward.on("error", () => socket.destroy());
    socket.on("error", () => onward.destroy());
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get requests() {
      return requests;
    },
    refuseUpgrades(now) {
      refused = now;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
