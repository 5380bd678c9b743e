/** How long an event loop was kept from its turn, ms. */
export interface Lag {
  /** By this process's own work: no more than the processor time that it took meanwhile. */
  readonly own: number;
  /** By the clock, which on a busy machine counts the time that others had. */
  readonly wall: number;
}

const everyMs = 5;

/** Watches the event loop; the function that comes back gives the longest lags since it was called last. */
export function watchLag(): () => Lag {
  let own = 0;
  let wall = 0;
  let at = performance.now();
  let used = process.cpuUsage();
  const look = () => {
    const now = performance.now();
    const { user, system } = process.cpuUsage(used);
    const late = now - at - everyMs;
    wall = Math.max(wall, late);
    own = Math.max(own, Math.min(late, (user + system) / 1_000));
    at = now;
    used = process.cpuUsage();
    setTimeout(look, everyMs).unref();
  };
  setTimeout(look, everyMs).unref();
  return () => {
    const lag = { own, wall };
    own = wall = 0;
    return lag;
  };
}
