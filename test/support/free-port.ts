import { once } from "node:events";
import { createServer } from "node:net";

// Below what systems give to outgoing connections: one of those, even of a client that waits for this very server, would
// take the port while its server is down. A Redis of a cluster takes the port 10,000 above as well.
const [first, count] = [10_000, 10_000];

/** A port of 127.0.0.1 that nobody listens to, for a server that cannot say which one it was given, or comes back to it. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = first + Math.floor(Math.random() * count);
    const server = createServer();
    try {
      server.listen(port, "127.0.0.1");
      await once(server, "listening");
    } catch {
      continue;
    }
    server.close();
    await once(server, "close");
    return port;
  }
}
