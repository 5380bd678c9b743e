import { type HelloRoom, wireVersion } from "../delivery/hello.js";
import { numberOf } from "../delivery/number-of.js";
import type { CommandTerms } from "./commands.js";
import { isEntryAnswer } from "./entry-answer.js";

// A command's frame is its payload, its name, its id and Socket.IO's own words.
const frameBytes = 160;

/** What a server said of itself, as far as this client goes by it. */
export interface ReadHello extends CommandTerms {
  /** Whether rooms have logs to ask. */
  readonly recovers: boolean;
  readonly rooms: readonly HelloRoom[];
  /** Whether its contract is of the same name and major. */
  readonly speaks: boolean;
}

/** Reads `$hello`; `undefined` for one that is malformed or of another wire version. */
export function readHello(value: unknown, spoken: string): ReadHello | undefined {
  const hello = (value ?? {}) as { readonly [key: string]: unknown };
  const { v, user_id, rooms, features } = hello;
  if (v !== wireVersion || typeof user_id !== "string" || typeof hello.contract !== "string") return undefined;
  const { payload_bytes, answer_ms } = (hello.limits ?? {}) as { readonly [key: string]: unknown };
  return {
    user: user_id,
    // Without a window no answer is kept, and nothing may be sent twice.
    windowMs: numberOf(answer_ms),
    maxBytes: (numberOf(payload_bytes) || Infinity) - frameBytes,
    recovers: Array.isArray(features) && features.includes("recovery"),
    rooms: (Array.isArray(rooms) ? rooms : []).filter(isHelloRoom),
    speaks: majorOf(hello.contract) === majorOf(spoken),
  };
}

function isHelloRoom(value: unknown): value is HelloRoom {
  return isEntryAnswer(value) && typeof (value as { room?: unknown }).room === "string";
}

/** `a.name@1.2.3` → `a.name@1` */
function majorOf(contract: string): string {
  return contract.replace(/\.\d+\.\d+$/, "");
}
