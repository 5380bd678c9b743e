import { appendFileSync, existsSync, readFileSync } from "node:fs";

/**
 * What happened, a line a commit, in a file that outlives the process: the game's stand-in for a database.
 *
 * A commit is there whole or not at all, and before anybody is told of it.
 */
export class Journal<TEntry> {
  constructor(private readonly file: string) {}

  *read(): Iterable<TEntry> {
    if (!existsSync(this.file)) return;
    const lines = readFileSync(this.file, "utf8").split("\n");
    // A process that was killed while it wrote leaves half a line: that commit was never told of.
    for (const line of lines.slice(0, -1)) yield* JSON.parse(line) as TEntry[];
  }

  commit(entries: readonly TEntry[]): void {
    appendFileSync(this.file, `${JSON.stringify(entries)}\n`);
  }
}
