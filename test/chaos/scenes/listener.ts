import { WebSocket } from "ws";

/** Called for each event, with when it was emitted, Unix ms. */
export type OnEvent = (sentAt: number) => void;

const sentAtKey = '"t":';

/**
 * Opens a connection that speaks as much of Socket.IO as it takes to be served, and reads of an event only when it was
 * emitted: a thousand of them in one process are to be no part of what is measured. Resolves once it is in its room, which
 * a server asks it to enter only where `arena` is given.
 */
export function openListener(
  url: string,
  userId: string,
  arena: string | undefined,
  onEvent: OnEvent,
): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`, {
    perMessageDeflate: false,
    skipUTF8Validation: true,
  });
  const auth = { user: userId, $events: { v: 1, contract: "chaos@1.0.0", client: userId, cursors: [] } };
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.on("message", (data: Buffer) => {
      const at = data.indexOf(sentAtKey);
      if (at >= 0) return onEvent(Number.parseFloat(data.toString("latin1", at + sentAtKey.length, at + 32)));
      const type = data.toString("latin1", 0, 2);
      if (type[0] === "0") socket.send(`40${JSON.stringify(auth)}`);
      else if (type === "2") socket.send("3");
      else if (type === "40" && arena !== undefined) socket.send(`421["$enter",{"room":"arena_${arena}"}]`);
      else if (type === "40" || type === "43") resolve(socket);
    });
  });
}
