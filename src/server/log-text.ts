const length = 256;
const plain = /^[\w .,:;()/→-]*$/;
const jsonWebToken = /\beyJ[\w-]{8,}(?:\.[\w-]*)*/g;
const address = /[^\s@<>"'=]+@[^\s@<>"'=]+\.[^\s@<>"'=]+/g;
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * A text as a log may hold it: one line without control characters, at most 256 characters, and neither a token nor an
 * e-mail address, whoever put it there.
 */
export function toLogText(text: string): string {
  const short = cut(text);
  if (plain.test(short) && !short.includes("eyJ")) return short;
  const safe = short
    .replace(jsonWebToken, "[token]")
    .replace(address, "[address]")
    .replace(unprintable, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`);
  // What was escaped takes more room.
  return cut(safe).replace(/\p{Cs}…$/u, "…");
}

function cut(text: string): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
