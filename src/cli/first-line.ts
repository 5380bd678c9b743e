/** The first line of a parser's complaint; what it shows of the file stands in the lines below. */
export function firstLineOf(error: unknown): string {
  const [line = ""] = error instanceof Error ? error.message.split("\n") : [];
  return line.replace(/:$/, "") || "it cannot be read";
}
