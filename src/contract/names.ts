// Names that Socket.IO keeps for itself, names that collide with objects, and names that have a meaning at either end.
const reserved = new Set([
  "connect",
  "connect_error",
  "connection",
  "disconnect",
  "disconnecting",
  "newListener",
  "removeListener",
  "message",
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "valueOf",
  "hasOwnProperty",
]);

/** Says why a wire name cannot be used, or `undefined` if it can. `error` is one for events only. */
export function wireNameProblem(name: string, kind: "event" | "command"): string | undefined {
  if (typeof name !== "string" || name === "") return "a name cannot be empty; choose a snake_case word";
  if (name.startsWith("$")) return "names that start with $ belong to this library; drop the $";
  if (reserved.has(name)) return `"${name}" is reserved by Socket.IO or JavaScript; choose another name`;
  if (kind === "command" && name === "error")
    return 'a client that sends "error" would set off error listeners; choose another name';
  if (!/^[a-z][a-z0-9_]{0,63}$/.test(name))
    return "a wire name is snake_case: a-z, 0-9 and _, at most 64 characters, a letter first";
  return undefined;
}

/** Says why an app-side name cannot be used, or `undefined` if it can. */
export function appNameProblem(name: string): string | undefined {
  if (typeof name === "string" && name.startsWith("ws:"))
    return "app-side names that start with ws: are the client's own local events; choose another prefix";
  if (typeof name !== "string" || reserved.has(name) || !/^[A-Za-z][\w.:/-]{0,63}$/.test(name))
    return "an app-side name is a word such as order:changed, at most 64 characters, a letter first";
  return undefined;
}
