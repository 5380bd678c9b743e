import { ContractError } from "../contract/errors.js";

/** How long the first connection may take before whoever waits for it is told, ms. */
const openingMs = 5_000;

/** The wait for the first connection: whoever needs it waits, but not for ever. */
export class Opening {
  promise: Promise<void> = Promise.resolve();
  private settle: ((error?: Error) => void) | undefined;
  private timer: NodeJS.Timeout | undefined;

  begin(): void {
    this.promise = new Promise((resolve, reject) => {
      this.settle = (error) => (error ? reject(error) : resolve());
    });
    const late = () => this.end(new ContractError("backend_unavailable", "Redis was not to be reached"));
    this.timer = setTimeout(late, openingMs).unref();
  }

  end(error?: Error): void {
    clearTimeout(this.timer);
    this.settle?.(error);
    // From here on a connection is there, or is refused where it is needed.
    if (!error) this.promise = Promise.resolve();
  }
}
