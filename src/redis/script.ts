import { createHash } from "node:crypto";

/** A Lua script, and the name that Redis has for it. */
export interface Script {
  readonly text: string;
  readonly sha: string;
}

/** Makes a script of its text. */
export function toScript(text: string): Script {
  return { text, sha: createHash("sha1").update(text).digest("hex") };
}
