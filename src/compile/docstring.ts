import { hardline, join, type Layout } from "./layout.js";

const WIDTH = 110;

/** A docstring of some paragraphs; nothing for none. Followed by a line end. */
export function docstring(paragraphs: readonly string[]): Layout[] {
  const lines = paragraphs
    .map((paragraph) => paragraph.replaceAll("*/", "* /").replace(/\s+/g, " ").trim())
    .filter((paragraph) => paragraph !== "")
    .flatMap((paragraph, i) => [...(i === 0 ? [] : [""]), ...wrapped(paragraph)]);
  if (lines.length === 0) return [];
  if (lines.length === 1) return [`/** ${lines[0]} */`, hardline];
  return [
    "/**",
    hardline,
    ...join(
      hardline,
      lines.map((line) => (line === "" ? " *" : ` * ${line}`)),
    ),
    hardline,
    " */",
    hardline,
  ];
}

function wrapped(paragraph: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of paragraph.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
