import type { Socket } from "socket.io-client";
import { type Answer, readAnswer } from "./answer.js";
import type { WithIdentity } from "./identity.js";
import { createId } from "./random-id.js";

/** The open connection, for those who send on it. */
export interface Channel {
  /** Whether the server speaks this library's wire; may turn true while requests are under way. `undefined`: not known yet. */
  announced: boolean | undefined;
  /**
   * Emits with an acknowledgement and hands what came of it to `done`, once, synchronously: what is set up there is in
   * place before the next frame.
   */
  request(name: string, args: readonly unknown[], done: (answer: Answer) => void, timeoutMs?: number): void;
  /** The same for a command: an announced server is given its id, a plain one who sends it. */
  command(name: string, payload: object, done: (answer: Answer) => void, id?: string, timeoutMs?: number): void;
}

/** Wraps a connected socket. */
export function createChannel(socket: Socket, withIdentity: WithIdentity): Channel {
  const channel: Channel = {
    announced: undefined,
    command(name, payload, done, id = createId(), timeoutMs?) {
      channel.request(name, channel.announced ? [payload, { id }] : [withIdentity(name, payload)], done, timeoutMs);
    },
    // ms: a plain server may never answer. One of this library does in any case, be it behind what it replays by a slow
    // connection: asked again, it would replay again.
    request(name, args, done, timeoutMs = channel.announced ? 60_000 : 10_000) {
      // Socket.IO would keep it for a later connection, where it may not belong.
      if (!socket.connected) return done(readAnswer(undefined, "closed"));
      socket.timeout(timeoutMs).emit(name, ...args, (error: Error | null, answer: unknown) => {
        done(readAnswer(answer, error && (socket.connected ? "timeout" : "closed")));
      });
    },
  };
  return channel;
}
