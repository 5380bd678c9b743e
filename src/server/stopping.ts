/**
 * Tells the commands that run that the server stops.
 *
 * An `AbortSignal` looks through all its listeners for each that comes or goes, and thousands of commands may wait for the
 * same database.
 */
export class Stopping {
  aborted = false;
  private readonly stops = new Set<() => void>();

  /** How many are to be told. */
  get size(): number {
    return this.stops.size;
  }

  /** Calls it as the server stops; at once where that was. */
  add(stop: () => void): void {
    if (this.aborted) stop();
    else this.stops.add(stop);
  }

  delete(stop: () => void): void {
    this.stops.delete(stop);
  }

  abort(): void {
    this.aborted = true;
    for (const stop of this.stops) stop();
  }
}
