import { expect, it } from "vitest";
import { writeDirectly } from "../../../src/server/direct-write.js";
import type { EngineConnection } from "../../../src/server/socket-io.js";

// The Engine.IO that is installed is used in test/wire; here is where its versions differ.
it.each([
  ["is left to Engine.IO where it compresses, as up to 6.6.12", { perMessageDeflate: {} }, false],
  ["is left to Engine.IO where it compresses, as from 6.6.13 on", { opts: { perMessageDeflate: {} } }, false],
  ["is handed to the WebSocket where nothing is compressed, as up to 6.6.12", { perMessageDeflate: false }, true],
  ["is handed to the WebSocket where nothing is compressed, as from 6.6.13 on", { opts: {} }, true],
])("a finished frame %s", (_, kept, isDirect) => {
  const sent: unknown[] = [];
  const socket = { readyState: 1, _sender: { sendFrame: (frame: unknown) => void sent.push(frame) } };
  const engine = {
    readyState: "open",
    writeBuffer: [],
    transport: { name: "websocket", writable: true, socket, ...kept },
    listenerCount: () => 0,
  } as unknown as EngineConnection;
  const wsPreEncodedFrame = [new Uint8Array()];
  expect(writeDirectly(engine, { wsPreEncodedFrame } as never)).toBe(isDirect);
  expect(sent).toEqual(isDirect ? [wsPreEncodedFrame] : []);
});
