/** Says whether the browser knows that there is no network; elsewhere nobody knows. */
export function isOffline(): boolean {
  return globalThis.navigator?.onLine === false;
}

/** Calls `changed` when the browser gains or loses the network, until the function that comes back is called. */
export function watchReachability(changed: () => void): () => void {
  const target = globalThis as Partial<Pick<EventTarget, "addEventListener" | "removeEventListener">>;
  for (const name of ["online", "offline"]) target.addEventListener?.(name, changed);
  return () => {
    for (const name of ["online", "offline"]) target.removeEventListener?.(name, changed);
  };
}
