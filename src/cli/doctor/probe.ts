import { randomUUID } from "node:crypto";
import type { End } from "../../client/dial.js";
import { wireVersion } from "../../delivery/hello.js";
import { loadClient } from "../live/client-module.js";
import type { Live } from "../live/live-options.js";

// A server whose Redis falls silent says so after 2 s and a bit; until then it is as mute as a plain one.
const helloMs = 3_000;

/** One connection, opened to see how. */
export interface Probe {
  /** How long the connection took, ms. */
  readonly openMs: number;
  /** When it was open, Unix ms. */
  readonly openedAt: number;
  /** `websocket` or `polling`, as it is now: it may be upgraded. */
  readonly transport: string;
  /** Resolves with the body of `$hello`, or `undefined` where none came in time: a plain server. */
  hello(): Promise<unknown>;
  /** Resolves once the transport is this one, or with `false` when it is not in time. */
  becomes(transport: string, withinMs: number): Promise<boolean>;
  /** Emits with an acknowledgement; resolves with the round trip and the answer, `undefined` without one in time. */
  ask(
    name: string,
    body: object,
    withinMs: number,
  ): Promise<{ readonly ms: number; readonly answer: unknown } | undefined>;
  /** The payload of the first event of this name so far. */
  first(name: string): unknown;
  /** How it ended, if it did by itself. */
  readonly end: End | undefined;
  close(): void;
}

/** How a connection is opened. */
export interface ProbeOptions {
  readonly transports: ("websocket" | "polling")[];
  /** ms. */
  readonly withinMs: number;
  /** The client that was connected before, and where it stood; a new one where none is given. */
  readonly back?: { readonly client: string; readonly cursors: readonly unknown[] };
}

/** Opens a connection; resolves with how it failed where it did. */
export async function openProbe(live: Live, { transports, withinMs, back }: ProbeOptions): Promise<Probe | End> {
  const { dial } = await loadClient();
  const { name, version } = live.contract;
  const client = back ?? { client: randomUUID(), cursors: [] };
  const auth = { ...live.auth, $events: { v: wireVersion, contract: `${name}@${version}`, ...client } };
  const frames = new Map<string, unknown>();
  const waiting = new Set<() => void>();
  const began = performance.now();
  return await new Promise((resolve) => {
    let transport = "";
    let end: End | undefined;
    const wake = () => {
      for (const look of waiting) look();
    };
    /** Resolves with what `read` gives as soon as it gives anything, or with `undefined` in the end. */
    const until = <TFound>(read: () => TFound | undefined, ms: number) =>
      new Promise<TFound | undefined>((found) => {
        const settle = (over: boolean) => {
          const value = read();
          if (value === undefined && !over && end === undefined) return;
          clearTimeout(timer);
          waiting.delete(look);
          found(value);
        };
        const look = () => settle(false);
        const timer = setTimeout(settle, ms, true);
        waiting.add(look);
        look();
      });
    const close = dial(live.url, live.socket, Promise.resolve(auth), transports, withinMs, {
      opened(socket) {
        resolve({
          openMs: performance.now() - began,
          openedAt: Date.now(),
          get transport() {
            return transport;
          },
          get end() {
            return end;
          },
          hello: () => until(() => frames.get("$hello"), helloMs),
          becomes: async (wanted, ms) => (await until(() => (transport === wanted ? true : undefined), ms)) ?? false,
          ask: (frame, body, ms) =>
            new Promise((answered) => {
              const asked = performance.now();
              socket.timeout(ms).emit(frame, body, (error: Error | null, answer: unknown) => {
                answered(error ? undefined : { ms: performance.now() - asked, answer });
              });
            }),
          first: (event) => frames.get(event),
          close: () => close(),
        });
      },
      frame([name, body]) {
        const event = String(name);
        if (!frames.has(event)) frames.set(event, body);
        wake();
      },
      transport(now) {
        transport = now;
        wake();
      },
      ended(how) {
        end = how;
        resolve(how);
        wake();
      },
    });
  });
}

/** Whether a connection was opened. */
export function isOpen(found: Probe | End): found is Probe {
  return "openMs" in found;
}
