import type { Place } from "../input/piece.js";
import type { FileReport, ProblemReport, Report } from "../report/report.js";
import type { Verdict } from "./judge.js";

// However hostile the files, what is remembered of them is bounded.
const MAX_PROBLEMS = 1_000;
const MAX_NAMES = 1_000;
const FIRST_PLACES = 5;

const OTHER_NAMES = "(other names)";

/** Counts verdicts and groups those that say the same, in bounded memory. */
export class Tally {
  readonly #files: FileReport[] = [];
  readonly #groups = new Map<string, ProblemReport>();
  #omitted = 0;

  /** Begins a file. */
  file(name: string): FileTally {
    const file: FileReport = { file: name, valid: 0, invalid: 0, skipped: 0, events: new Map() };
    this.#files.push(file);
    return {
      add: (verdict, place) => this.#add(file, verdict, place),
      skip: () => {
        file.skipped++;
      },
      unreadable: (reason) => {
        file.unreadable = reason;
      },
    };
  }

  report(words: Pick<Report, "contract" | "as" | "failOnEmpty">): Report {
    return { ...words, files: this.#files, problems: [...this.#groups.values()], omitted: this.#omitted };
  }

  #add(file: FileReport, { event, direction, problem }: Verdict, place: Place): void {
    const key = `${direction ?? ""} ${event ?? ""}`;
    let count = file.events.get(key);
    if (!count) {
      const room = file.events.size < MAX_NAMES;
      const under = room ? key : OTHER_NAMES;
      count = file.events.get(under) ?? {
        event: room ? event : OTHER_NAMES,
        direction: room ? direction : undefined,
        valid: 0,
        invalid: 0,
      };
      file.events.set(under, count);
    }
    if (!problem) {
      count.valid++;
      file.valid++;
      return;
    }
    count.invalid++;
    file.invalid++;
    const same = [file.file, key, problem.code, problem.path, problem.expected, problem.got].join("\u0000");
    const group = this.#groups.get(same);
    if (group) {
      group.count++;
      if (group.places.length < FIRST_PLACES) group.places.push(place);
    } else if (this.#groups.size < MAX_PROBLEMS) {
      this.#groups.set(same, { file: file.file, event, direction, ...problem, count: 1, places: [place] });
    } else {
      this.#omitted++;
    }
  }
}

/** The tally of one file. */
export interface FileTally {
  add(verdict: Verdict, place: Place): void;
  skip(): void;
  unreadable(reason: string): void;
}
