import { type RefObject, useEffect, useRef, useState } from "react";
import type { Log } from "../session/log.js";

/** Whether an element is on the screen, or nearly so. */
function useSeen(): [RefObject<HTMLDivElement | null>, boolean] {
  const element = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    if (!element.current) return;
    const observer = new IntersectionObserver((entries) => setSeen(entries.at(-1)?.isIntersecting ?? false), {
      rootMargin: "120px",
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return [element, seen];
}

/**
 * A log that changes often, read every `everyMs` while the element that shows it is on the screen: drawing plots and long
 * tables that nobody sees would only slow the rest down.
 */
export function useSeenLog<TValue>(log: Log<TValue>, everyMs: number) {
  const [element, seen] = useSeen();
  const [{ value, now }, setShown] = useState(() => ({ value: log.getSnapshot(), now: Date.now() }));
  useEffect(() => {
    if (!seen) return;
    const read = () => setShown({ value: log.getSnapshot(), now: Date.now() });
    read();
    const timer = setInterval(read, everyMs);
    return () => clearInterval(timer);
  }, [log, everyMs, seen]);
  return { element, value, now };
}
