import { useEffect } from "react";
import { useCommitEffect } from "./commit-effect.js";
import type { Shared } from "./shared.js";

/**
 * Uses something shared from the mount to the unmount, as two users. The layout effect's comes before anything can be
 * missed; the passive effect's stays while the page is suspended, which takes layout effects back alone. A page that is
 * gone, or hidden, gives both back.
 */
export function useOnPage<TUser>(use: Shared<TUser>["use"], first: TUser, second: TUser): void {
  useCommitEffect(() => use(first), [use]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever it was when this was used gives it back
  useEffect(() => use(second), [use]);
}
