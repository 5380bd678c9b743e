import type { Server } from "./socket-io.js";

/** Whether what a server is made of is known already: options may still come with `attach`. */
export function isAttached({ engine }: Server): boolean {
  return engine !== undefined;
}

/** Calls `ready` where a server has an engine, and whenever it is given one. */
export function whenAttached(server: Server, ready: () => void): void {
  if (isAttached(server)) ready();
  const { bind } = server;
  // Socket.IO tells nobody, and this is what every way to attach it calls.
  server.bind = (engine) => {
    bind.call(server, engine);
    ready();
    return server;
  };
}
