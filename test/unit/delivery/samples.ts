import fc from "fast-check";
import { createEpoch } from "../../../src/delivery/epoch.js";
import type { Emission, Lane, StoredEvent } from "../../../src/delivery/stored-event.js";

/** Epochs to tell apart: `epochOf(0)`, `epochOf(1)`, … */
export function epochOf(number: number): string {
  return createEpoch(Uint8Array.of(0, 0, 0, 0, 0, 0, number >> 8, number & 255));
}

export function emissionOf(name: string, payload: unknown, lane: Lane = "normal", key?: string): Emission {
  return { name: JSON.stringify(name), payload: JSON.stringify(payload), lane, key };
}

export function storedOf(epoch: string, seq: number, emission: Emission, at = 1_700_000_000_000): StoredEvent {
  return { epoch, seq, at, bytes: Buffer.byteLength(emission.name + emission.payload), ...emission };
}

export const lanes = fc.constantFrom<Lane>("critical", "normal", "low");
export const names = fc.constantFrom("tick", "sp_update", "物語", 'quo"te');
export const payloads = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), {
  maxKeys: 4,
  noNullPrototype: true,
});
export const epochs = fc.uint8Array({ minLength: 8, maxLength: 8 }).map(createEpoch);
