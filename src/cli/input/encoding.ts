/** Thrown for a file in an encoding that is not read. */
export class EncodingError extends Error {
  override readonly name = "EncodingError";
}

/** The beginning of a file without the mark by which some editors tell UTF-8. @throws {EncodingError} for UTF-16. */
export function withoutMark(head: Buffer): Buffer {
  const [first, second, third] = head;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    throw new EncodingError("it is UTF-16; save it as UTF-8");
  return first === 0xef && second === 0xbb && third === 0xbf ? head.subarray(3) : head;
}
