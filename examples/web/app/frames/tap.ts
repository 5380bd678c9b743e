import type { DialOptions } from "@gestaloka/events/client";
import { WebSocket, XHR } from "socket.io-client";
import type { FrameRecorder } from "./frame-log.js";

type Transports = NonNullable<DialOptions["transports"]>;
type Packet = { readonly type: string; readonly data?: unknown };

/**
 * Socket.IO's own transports, with a look at every packet on its way. An application needs none of this: it is for the
 * panel, which shows what really travels.
 */
export function tapTransports(recorder: FrameRecorder): Transports {
  const look = (direction: "in" | "out", { type, data }: Packet) => {
    if (type === "message" && typeof data === "string") recorder.record(direction, data);
  };
  class TappedWebSocket extends WebSocket {
    protected override onPacket(packet: Parameters<WebSocket["onPacket"]>[0]): void {
      look("in", packet);
      super.onPacket(packet);
    }
    override send(packets: readonly Packet[]): void {
      for (const packet of packets) look("out", packet);
      super.send(packets);
    }
  }
  class TappedPolling extends XHR {
    protected override onPacket(packet: Parameters<XHR["onPacket"]>[0]): void {
      look("in", packet);
      super.onPacket(packet);
    }
    override send(packets: readonly Packet[]): void {
      for (const packet of packets) look("out", packet);
      super.send(packets);
    }
  }
  return [TappedWebSocket, TappedPolling] as Transports;
}
