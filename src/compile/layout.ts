/**
 * A piece of source text that does not know yet where its lines end: text, pieces in a row, a place where a line may
 * end (`flat` is written where it does not), one where it must, and a group, which is written on one line if it fits.
 */
export type Layout =
  | string
  | readonly Layout[]
  | { readonly kind: "line"; readonly flat: string }
  | { readonly kind: "hardline" }
  | { readonly kind: "indent"; readonly of: Layout }
  | { readonly kind: "group"; readonly of: Layout }
  | { readonly kind: "if_broken"; readonly text: string };

/** A line end, or a space. */
export const line: Layout = { kind: "line", flat: " " };
/** A line end, or nothing. */
export const softline: Layout = { kind: "line", flat: "" };
/** A line end. */
export const hardline: Layout = { kind: "hardline" };
/** Its lines stand two spaces further in. */
export const indent = (of: Layout): Layout => ({ kind: "indent", of });
/** On one line if it fits. */
export const group = (of: Layout): Layout => ({ kind: "group", of });
/** Written only where the group around it is broken. */
export const ifBroken = (text: string): Layout => ({ kind: "if_broken", text });

/** Puts a separator between pieces. */
export function join(separator: Layout, pieces: readonly Layout[]): Layout[] {
  return pieces.flatMap((piece, i) => (i === 0 ? [piece] : [separator, piece]));
}

/** `open` items `close`, on one line or one item a line. */
export function bracketed(open: string, items: readonly Layout[], close: string, space: Layout = softline): Layout {
  if (items.length === 0) return open + close;
  return group([open, indent([space, join([",", line], items)]), ifBroken(","), space, close]);
}

/** A call. */
export function call(name: string, ...args: Layout[]): Layout {
  return [name, bracketed("(", args, ")")];
}

/** `{ … }` with one entry a line. */
export function block(open: string, entries: readonly Layout[], close: string): Layout {
  if (entries.length === 0) return open + close;
  return [open, indent([hardline, join(hardline, entries)]), hardline, close];
}

const WIDTH = 120;

// The characters that stand two columns wide.
const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/g;

function widthOf(text: string): number {
  return text.length + (text.match(wide)?.length ?? 0);
}

interface Task {
  readonly indent: number;
  readonly flat: boolean;
  readonly of: Layout;
}

/** Writes a layout with lines of up to 120 columns. */
export function print(layout: Layout): string {
  let text = "";
  let column = 0;
  const tasks: Task[] = [{ indent: 0, flat: false, of: layout }];
  for (let task = tasks.pop(); task; task = tasks.pop()) {
    const { indent, flat, of } = task;
    if (typeof of === "string") {
      text += of;
      column += widthOf(of);
    } else if (isRow(of)) {
      for (let i = of.length - 1; i >= 0; i--) tasks.push({ indent, flat, of: of[i] as Layout });
    } else if (of.kind === "group") {
      tasks.push({ indent, flat: flat || fits({ indent, flat: true, of: of.of }, tasks, WIDTH - column), of: of.of });
    } else if (of.kind === "indent") tasks.push({ indent: indent + 2, flat, of: of.of });
    else if (of.kind === "if_broken") {
      if (!flat) tasks.push({ indent, flat, of: of.text });
    } else if (of.kind === "line" && flat) tasks.push({ indent, flat, of: of.flat });
    else {
      text += `\n${" ".repeat(indent)}`;
      column = indent;
    }
  }
  return text
    .split("\n")
    .map((each) => each.trimEnd())
    .join("\n");
}

function isRow(layout: Layout): layout is readonly Layout[] {
  return Array.isArray(layout);
}

// Whether a group, and what follows it up to the next possible line end, has room on the line.
function fits(first: Task, rest: readonly Task[], room: number): boolean {
  const tasks: Task[] = [first];
  let left = room;
  let next = rest.length - 1;
  while (left >= 0) {
    const task = tasks.pop() ?? rest[next--];
    if (!task) return true;
    const { flat, of } = task;
    if (typeof of === "string") left -= widthOf(of);
    else if (isRow(of)) for (let i = of.length - 1; i >= 0; i--) tasks.push({ ...task, of: of[i] as Layout });
    else if (of.kind === "group" || of.kind === "indent") tasks.push({ ...task, of: of.of });
    else if (of.kind === "if_broken") left -= flat ? 0 : of.text.length;
    // A group that must end a line cannot stand on one; what follows it may end wherever it likes.
    else if (of.kind === "hardline") return !flat;
    else if (flat) left -= of.flat.length;
    else return true;
  }
  return false;
}
