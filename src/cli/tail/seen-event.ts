import pc from "picocolors";
import type { EventMeta } from "../../client/listeners.js";
import { checkEvent } from "../../contract/check.js";
import type { Contract } from "../../contract/contract.js";
import { printable, printableJson } from "../printable.js";
import { sentenceOf } from "../report/words.js";

/** One event as it came, and what is wrong with it. */
export interface SeenEvent {
  readonly event: string;
  readonly payload: unknown;
  readonly meta: EventMeta;
  /** Unix ms. */
  readonly receivedAt: number;
  /** From emit to here, ms; `undefined` from a plain server. */
  readonly latencyMs: number | undefined;
  /** `undefined` where a reader of the contract accepts it. */
  readonly problem: string | undefined;
}

/** What is wrong with an event, as a sentence. */
export function problemOf(contract: Contract, event: string, payload: unknown): string | undefined {
  const result = checkEvent(contract, event, payload, { as: "reader" });
  if (result.ok) return undefined;
  const { code, path, expected, got } = result.error;
  return path === undefined
    ? `${code}: not of ${contract.name}@${contract.version}`
    : sentenceOf({ code, path, expected: expected ?? "", got: got ?? "" });
}

/** `05:30:19.556  sp_update          user_alice #3    2 ms  {"current_sp":150,…}`; what is wrong stands before the payload. */
export function textLine(seen: SeenEvent, colored: boolean, payloadLength: number): string {
  const colors = pc.createColors(colored);
  const { event, payload, meta, receivedAt, latencyMs, problem } = seen;
  const place = `${meta.room ?? "-"}${meta.seq === undefined ? "" : ` #${meta.seq}`}${meta.replayed ? " replayed" : ""}`;
  const latency = latencyMs === undefined ? "" : `${Math.round(latencyMs)} ms`;
  const text = printable(JSON.stringify(payload) ?? "nothing");
  const name = printable(event).padEnd(24);
  return [
    colors.dim(new Date(receivedAt).toISOString().slice(11, 23)),
    problem === undefined ? colors.green(name) : colors.red(name),
    colors.cyan(printable(place).padEnd(20)),
    latency.padStart(7),
    ...(problem === undefined ? [] : [colors.red(problem)]),
    colors.dim(text.length > payloadLength ? `${text.slice(0, payloadLength - 1)}…` : text),
  ].join("  ");
}

/** The event as one JSON object. */
export function jsonLine({ event, payload, meta, receivedAt, latencyMs, problem }: SeenEvent): string {
  const { room, seq, at, replayed } = meta;
  return printableJson({
    event,
    room,
    seq,
    at,
    received_at: receivedAt,
    latency_ms: latencyMs === undefined ? undefined : Math.round(latencyMs * 10) / 10,
    replayed,
    valid: problem === undefined,
    problem,
    payload,
  });
}
