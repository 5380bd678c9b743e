// Whatever stands in a URL stands in the logs of every proxy on its way.
const names =
  /^(?:(?:access|id|refresh|auth|bearer|session)?[_-]?token|jwt|bearer|auth(?:orization)?|password|secret|api[_-]?key)$/i;
const jsonWebToken = /^[\w-]{4,}\.[\w-]{4,}\.[\w-]{4,}$/;

/** Says whether a handshake's query string holds what looks like a credential, by its name or by its form. */
export function hasQueryCredential(url: string): boolean {
  const start = url.indexOf("?");
  if (start < 0) return false;
  for (const [name, value] of new URLSearchParams(url.slice(start + 1)))
    if (names.test(name) || jsonWebToken.test(value)) return true;
  return false;
}
