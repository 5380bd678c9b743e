import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isEnvelope, isSeq, maxSeq, toEnvelopeText, toEventText } from "../../../src/delivery/envelope.js";
import { holds } from "./property.js";
import { epochOf, epochs, names, payloads } from "./samples.js";

const seqs = fc.oneof(fc.integer({ min: 1, max: maxSeq }), fc.constant(maxSeq));
const times = fc.integer({ min: 0, max: 9_999_999_999_999 });

describe("the envelope", () => {
  it("is at most 60 bytes with the comma before it, and reads back as it was written", () => {
    holds(
      fc.property(epochs, seqs, times, (epoch, seq, at) => {
        const text = toEnvelopeText(epoch, seq, at);
        expect(Buffer.byteLength(`,${text}`)).toBeLessThanOrEqual(60);
        expect(JSON.parse(text)).toEqual({ epoch, seq, at });
        expect(JSON.parse(toEnvelopeText(epoch, 0, at))).toEqual({ epoch, at });
        expect(JSON.parse(toEnvelopeText("", 0, at))).toEqual({ at });
        for (const written of [text, toEnvelopeText(epoch, 0, at), toEnvelopeText("", 0, at)])
          expect(isEnvelope(JSON.parse(written))).toBe(true);
      }),
    );
  });

  it("stands third in a frame whose texts are taken as they are", () => {
    holds(
      fc.property(names, payloads, epochs, seqs, (name, payload, epoch, seq) => {
        const parts = [JSON.stringify(name), JSON.stringify(payload)] as const;
        const frame = toEventText(...parts, toEnvelopeText(epoch, seq, 5));
        expect(frame).toBe(JSON.stringify([name, payload, { epoch, seq, at: 5 }]));
      }),
    );
  });

  it("is refused where a field is missing or wrong, and passed with keys that are not known yet", () => {
    const epoch = epochOf(1);
    expect(isEnvelope({ at: 1, epoch, seq: 1, later: true })).toBe(true);
    const wrong: unknown[] = [
      undefined,
      null,
      7,
      "at",
      [],
      {},
      { at: "1" },
      { at: -1 },
      { at: 1.5 },
      { at: Number.NaN },
      { at: 1, seq: 1 },
      { at: 1, epoch: "" },
      { at: 1, epoch: null },
      { at: 1, epoch: `${epoch}A` },
      { at: 1, epoch, seq: 0 },
      { at: 1, epoch, seq: -1 },
      { at: 1, epoch, seq: 1.5 },
      { at: 1, epoch, seq: "1" },
      { at: 1, epoch, seq: null },
      { at: 1, epoch, seq: maxSeq + 1 },
    ];
    for (const value of wrong) expect(isEnvelope(value), JSON.stringify(value)).toBe(false);
  });

  it("never throws at a stranger's value, and never lets through a field it did not judge", () => {
    const near = fc.record(
      {
        epoch: fc.oneof(epochs, fc.anything()),
        seq: fc.oneof(seqs, fc.anything()),
        at: fc.oneof(times, fc.anything()),
      },
      { requiredKeys: [], noNullPrototype: true },
    );
    holds(
      fc.property(fc.oneof(near, fc.anything()), (value) => {
        if (!isEnvelope(value)) return;
        expect(Number.isSafeInteger(value.at)).toBe(true);
        if (value.epoch !== undefined) expect(value.epoch).toMatch(/^[\w-]{11}$/);
        if (value.seq !== undefined) expect(isSeq(value.seq) && value.epoch !== undefined).toBe(true);
      }),
      2_000,
    );
  });
});
