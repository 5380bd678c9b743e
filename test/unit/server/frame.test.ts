import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as ws from "ws";
import { Frame } from "../../../src/server/frame.js";

/** The reading half of `ws`, which its types leave out. */
const { Receiver } = ws as unknown as {
  readonly Receiver: new (options: { isServer: boolean }) => NodeJS.EventEmitter & { write(part: Buffer): unknown };
};

async function received(frame: Frame): Promise<string> {
  const receiver = new Receiver({ isServer: false });
  const message = new Promise<string>((resolve, reject) => {
    receiver.on("message", (data: Buffer, isBinary: boolean) => resolve(`${isBinary ? "binary " : ""}${data}`));
    receiver.on("error", reject);
  });
  for (const part of frame.wsPreEncodedFrame) receiver.write(part);
  return message;
}

describe("a frame", () => {
  it("is what a WebSocket reads as Engine.IO's message of its text, whatever the text", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme", maxLength: 400 }), async (text) => {
        const frame = new Frame(text, text, "]", "2", 2 + 2 * Buffer.byteLength(text));
        expect(frame.text).toBe(`2${text}${text}]`);
        expect(frame.json).toBe(`${text}${text}]`);
        expect(await received(frame)).toBe(`4${frame.text}`);
      }),
      { seed: 20_261_124, numRuns: 200 },
    );
  });

  it("changes its head where WebSocket asks for another", async () => {
    for (const length of [0, 123, 124, 125, 65_533, 65_534, 65_535, 200_000]) {
      const text = "x".repeat(length);
      expect(await received(new Frame("", text, "", "2", 1 + Buffer.byteLength(text)))).toBe(`42${text}`);
    }
  });
});
