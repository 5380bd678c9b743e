import type { AddressInfo } from "node:net";
import { connect, createServer, type Socket } from "node:net";

/** The TCP line between one player and the game's server, which can be harmed. */
export interface Line {
  readonly url: string;
  readonly up: boolean;
  /** Resets every connection; new ones are let through. */
  cut(): void;
  /** Down, open connections are reset and new ones too. */
  set(up: boolean): void;
  close(): Promise<void>;
}

/** Opens a line on a free port of 127.0.0.1, to whatever port the game is on at that moment. */
export async function openLine(gamePort: () => number | undefined): Promise<Line> {
  const open = new Set<Socket>();
  let up = true;
  const server = createServer((near) => {
    near.on("error", () => near.destroy());
    const port = gamePort();
    if (!up || port === undefined) return void near.resetAndDestroy();
    const far = connect({ host: "127.0.0.1", port });
    open.add(near);
    far.on("error", () => near.resetAndDestroy());
    far.on("close", () => near.destroy());
    near.on("close", () => {
      open.delete(near);
      far.destroy();
    });
    near.setNoDelay(true).pipe(far.setNoDelay(true)).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const cut = () => {
    for (const socket of open) socket.resetAndDestroy();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get up() {
      return up;
    },
    cut,
    set(wanted) {
      up = wanted;
      if (!up) cut();
    },
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      cut();
      return closed;
    },
  };
}
