// A clock that jumps by less than this was slewed, not stopped.
const jumpMs = 1_000;

/** Milliseconds that only grow, and that count the time a machine slept. */
export type Clock = () => number;

/**
 * Makes a clock for deadlines that a server keeps too.
 *
 * `performance.now()` may stand still while a machine sleeps; a command kept over a long sleep would then be sent again
 * after the server forgot its answer. So a wall clock that ran ahead counts, and one that was set back does not.
 */
export function createClock(monotonic: Clock = () => performance.now(), wall: Clock = () => Date.now()): Clock {
  let slept = 0;
  let lag = wall() - monotonic();
  return () => {
    const now = monotonic();
    const drift = wall() - now - lag;
    if (drift > jumpMs) slept += drift;
    if (Math.abs(drift) > jumpMs) lag += drift;
    return now + slept;
  };
}
