import { type RefObject, useEffect, useRef } from "react";

/** Keeps a list scrolled to its newest entry. */
export function useScrolledDown(entries: number): RefObject<HTMLDivElement | null> {
  const list = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new entry is what it scrolls for
  useEffect(() => {
    list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [entries]);
  return list;
}
