import { useEffect } from "react";
import { useCommitEffect } from "./commit-effect.js";

/**
 * Uses something while the component is on the page, once or twice at a time.
 *
 * A page that is suspended gives the first use back alone; one that is gone, or hidden by `Activity`, gives both back.
 */
export function useOnPage(use: ((user: number) => () => void) | undefined): void {
  useCommitEffect(() => use?.(0), [use]);
  useEffect(() => use?.(1), [use]);
}
