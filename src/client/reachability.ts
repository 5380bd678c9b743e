/** Says whether the browser knows that there is no network; elsewhere nobody knows. */
export function isOffline(): boolean {
  return globalThis.navigator?.onLine === false;
}

/** Calls `changed` when the browser gains or loses the network, or shows the page, until the function that comes back is called. */
export function watchReachability(changed: (event: Partial<PageTransitionEvent>) => void): () => void {
  const target = globalThis as Partial<Pick<EventTarget, "addEventListener" | "removeEventListener">>;
  const names = ["online", "offline", "pageshow"];
  for (const name of names) target.addEventListener?.(name, changed);
  return () => {
    for (const name of names) target.removeEventListener?.(name, changed);
  };
}
