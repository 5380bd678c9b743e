/** What a page keeps things in; `undefined` where there is none, and where it may not even look (cookies are blocked, a sandboxed frame). */
export function pageStorage<TName extends "localStorage" | "indexedDB">(
  name: TName,
): (typeof globalThis)[TName] | undefined {
  try {
    return globalThis[name];
  } catch {
    return undefined;
  }
}
