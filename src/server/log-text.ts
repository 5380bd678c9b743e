const length = 256;
const plain = /^[\w .,:;()/→-]*$/;
const jsonWebToken = /\beyJ[\w-]{8,}(?:\.[\w-]*)*/g;
// A contract with its version, as `harbour@1.2.0`, is none.
const address = /[^\s@<>"'=]+@(?!\d+\.\d+\.\d+(?![^\s@<>"'=]))[^\s@<>"'=]+\.[^\s@<>"'=]+/g;
// RFC 5321 allows an address 254 characters.
const lastWord = /\S{1,254}$/;
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * A text as a log may hold it: one line without control characters, at most 256 characters, and neither a token nor an
 * e-mail address, whoever put it there.
 */
export function toLogText(text: string): string {
  const whole = wholeWords(text);
  if (plain.test(whole) && !whole.includes("eyJ")) return cut(whole);
  const safe = whole
    .replace(jsonWebToken, "[token]")
    .replace(address, "[address]")
    .replace(unprintable, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`);
  // What was escaped takes more room.
  return cut(safe).replace(/\p{Cs}…$/u, "…");
}

function cut(text: string): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

// No more than twice what is kept, whatever is sent, and without a last word that may be the begin of an address.
function wholeWords(text: string): string {
  return text.length > 2 * length ? `${text.slice(0, 2 * length).replace(lastWord, "")}…` : text;
}
