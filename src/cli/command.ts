import type { CliOptions } from "./cli-options.js";
import type { Io } from "./io.js";

/** One option as help shows it: `--as <role>`, or `--fail-on-empty` for a flag. */
export interface OptionDeclaration {
  readonly flags: string;
  readonly description: string;
}

/** A command of the CLI: one file under `commands/`, one line in `commands.ts`. */
export interface CliCommand {
  /** `validate <...files>`: the name first, then its arguments. */
  readonly usage: string;
  readonly summary: string;
  /** Further paragraphs of its help. */
  readonly details?: string;
  readonly options: readonly OptionDeclaration[];
  readonly examples: readonly string[];
  /** Returns the exit code. Throws {@link Misuse} when called wrongly. */
  run(args: readonly string[], options: CliOptions, io: Io): Promise<number>;
}
