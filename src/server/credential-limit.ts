import { performance } from "node:perf_hooks";
import type { EngineConnection, Socket } from "./socket-io.js";
import { TokenBuckets } from "./token-buckets.js";

const perSecond = 1;
const burst = 10;

/** Counts the credentials of a connection: its handshake alone counts by address, and each costs the application a judgement. */
export class CredentialLimit {
  private readonly buckets = new TokenBuckets(perSecond, burst);

  /** Whether another one may be judged. */
  take({ conn }: Socket): boolean {
    return this.buckets.take((conn as unknown as EngineConnection).id, performance.now()) === 0;
  }
}
