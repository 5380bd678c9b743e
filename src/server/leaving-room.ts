import type { Namespace } from "./socket-io.js";

/** Calls `left` for each room that a socket leaves, also where the application takes it out by Socket.IO's own means. */
export function whenLeavingRoom(namespace: Namespace, left: (socketId: string, room: string) => void): void {
  const onLeaveRoom = (room: string, socketId: string): void => left(socketId, room);
  // The adapter may be set until somebody connects.
  namespace.on("connection", () => {
    if (!namespace.adapter.listeners("leave-room").includes(onLeaveRoom))
      namespace.adapter.on("leave-room", onLeaveRoom);
  });
}
