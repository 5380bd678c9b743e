/** What a handler is told beside the payload. */
export interface EventMeta {
  /** The room it was for; `undefined` for an event to this connection alone, and from a plain server. */
  readonly room: string | undefined;
  /** Its number in its room; `undefined` for an event that is not recovered. */
  readonly seq: number | undefined;
  /** When it was emitted, Unix ms on the server's clock; `undefined` from a plain server. */
  readonly at: number | undefined;
  /** Whether it was missed, and came out of the room's log. */
  readonly replayed: boolean;
}

/** What there is to tell of an event of no room. */
export const bareMeta: EventMeta = { room: undefined, seq: undefined, at: undefined, replayed: false };

export type Handler = (payload: unknown, meta: EventMeta) => unknown;

interface Registration {
  readonly handler: Handler;
  readonly once: boolean;
  active: boolean;
}

/** Handlers by name, each called in the order of registration; one that throws stops no other. */
export interface Listeners {
  /** Registers; the function that comes back takes this registration out, and no other of the same handler. */
  add(name: string, handler: Handler, once: boolean): () => void;
  /** Takes out every registration of the handler. */
  remove(name: string, handler: Handler): void;
  /** Calls the handlers; `false` when there are none. Without a `meta`, it is no room's event. */
  call(name: string, payload: unknown, meta?: EventMeta): boolean;
}

/** Makes an empty registry; `failed` is told what a handler threw, or what its promise was rejected with. */
export function createListeners(failed: (error: unknown, name: string) => void): Listeners {
  // Lists are replaced, never changed, so that a call under way is not disturbed.
  const lists = new Map<string, readonly Registration[]>();

  function drop(name: string, isDropped: (registration: Registration) => boolean): void {
    const kept = (lists.get(name) ?? []).filter((registration) => {
      registration.active = !isDropped(registration);
      return registration.active;
    });
    lists.set(name, kept);
  }

  return {
    add(name, handler, once) {
      const registration: Registration = { handler, once, active: true };
      lists.set(name, [...(lists.get(name) ?? []), registration]);
      return () => drop(name, (other) => other === registration);
    },
    remove(name, handler) {
      drop(name, (other) => other.handler === handler);
    },
    call(name, payload, meta = bareMeta) {
      const list = lists.get(name);
      if (!list?.length) return false;
      for (const registration of list) {
        if (!registration.active) continue;
        if (registration.once) drop(name, (other) => other === registration);
        try {
          const result = registration.handler(payload, meta);
          if (result instanceof Promise) result.catch((error: unknown) => failed(error, name));
        } catch (error) {
          failed(error, name);
        }
      }
      return true;
    },
  };
}
