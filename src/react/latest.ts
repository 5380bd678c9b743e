import { type RefObject, useRef } from "react";
import { useCommitEffect } from "./commit-effect.js";

/** A ref to what the last committed render gave. */
export function useLatest<TValue>(value: TValue): RefObject<TValue> {
  const latest = useRef(value);
  useCommitEffect(() => {
    latest.current = value;
  });
  return latest;
}
