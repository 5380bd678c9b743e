/** The payload of an exact event: its number, when it was made, and what makes it as large as was asked. */
export interface NumberedPayload {
  readonly s: 0;
  readonly n: number;
  readonly t: number;
  readonly pad?: string;
}

/** What a scene's server is asked to emit, each room with numbers of its own. */
export interface NumberedEmits {
  /** Emits `count` events to `arena:…` or `seat:…`, padded by `bytes`. */
  emit(to: string, count: number, bytes?: number): void;
  /** The same at a rate, until 0. */
  rate(to: string, perSecond: number, bytes?: number): void;
  /** The number of the last one, 0 before the first. */
  last(to: string): number;
}

/** `send` is the way of a stack. */
export function createNumberedEmits(send: (kind: string, id: string, payload: NumberedPayload) => void): NumberedEmits {
  const numbers = new Map<string, number>();
  const timers = new Map<string, NodeJS.Timeout>();
  const last = (to: string) => numbers.get(to) ?? 0;

  function emit(to: string, count: number, bytes = 0): void {
    const [kind, id] = to.split(":") as [string, string];
    const pad = bytes > 0 ? { pad: "p".repeat(bytes) } : {};
    for (let index = 0; index < count; index++) {
      const n = last(to) + 1;
      numbers.set(to, n);
      send(kind, id, { s: 0, n, t: performance.timeOrigin + performance.now(), ...pad });
    }
  }

  return {
    emit,
    rate(to, perSecond, bytes) {
      clearInterval(timers.get(to));
      if (perSecond > 0)
        timers.set(
          to,
          setInterval(() => emit(to, 1, bytes), 1_000 / perSecond),
        );
    },
    last,
  };
}
