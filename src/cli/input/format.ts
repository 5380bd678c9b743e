import { bytes, StructureScanner } from "./structure-scanner.js";

/** How a file is cut: a message a line, JSON over several lines, or a HAR file. */
export type Format = "lines" | "document" | "har";

/** How much of a file is looked at to tell its format, in bytes. */
export const HEAD_BYTES = 64 * 1024;

/**
 * Tells the format of a file by its name and beginning; `bare` says that its values are payloads.
 *
 * An array is a document, and so is an object whose first line ends inside it.
 */
export function formatOf(name: string, head: Buffer, bare: boolean): Format {
  const text = head.toString("latin1").trimStart();
  if (text.startsWith("[")) return "document";
  if (!text.startsWith("{")) return "lines";
  if (!bare && (name.toLowerCase().endsWith(".har") || /^\{\s*"log"\s*:\s*\{/.test(text))) return "har";
  return endsInside(text) ? "document" : "lines";
}

// A line of NDJSON that was cut off also ends inside its object, but in the middle of a value, or before a whole line.
function endsInside(text: string): boolean {
  const [first = "", ...rest] = text.split("\n");
  const second = rest.find((line) => line.trim() !== "");
  if (second === undefined && !text.includes("\n")) return false;
  const scanner = new StructureScanner();
  scanner.scan(Buffer.from(first, "latin1"), () => {});
  if (scanner.depth === 0 || scanner.inString) return false;
  return second === undefined || !isWholeObject(second);
}

function isWholeObject(line: string): boolean {
  const text = line.trim();
  if (text.charCodeAt(0) !== bytes.open) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
