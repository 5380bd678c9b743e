/** Draws an id of 119 random bits in 20 characters of `[\w-]`, also where a page is not a secure context. */
export function createId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(15));
  return btoa(String.fromCharCode(...bytes)).replace(/\W/g, "-");
}
