import { useEffect, useState } from "react";
import type { Log } from "../session/log.js";

/** A log that changes often, read once a second: plots cost more than text, and nobody reads them faster. */
export function useSlowly<TValue>(log: Log<TValue>): TValue {
  const [value, setValue] = useState(log.getSnapshot);
  useEffect(() => {
    const timer = setInterval(() => setValue(log.getSnapshot()), 1_000);
    return () => clearInterval(timer);
  }, [log]);
  return value;
}
