import cac from "cac";
import { CliOptions, camelCase, MARK, marked, unmarked } from "./cli-options.js";
import type { CliCommand } from "./command.js";
import { commands } from "./commands.js";
import { addressed, exitCode, Misuse } from "./exit-code.js";
import { fileTrouble } from "./files.js";
import { commandHelp, programHelp } from "./help.js";
import type { Io } from "./io.js";
import { packageVersion } from "./package-root.js";
import { printable } from "./printable.js";

const PROGRAM = "gestaloka-events";

/**
 * Runs the CLI with the arguments that follow its name, and returns its exit code: 0, 1 when something was found wrong,
 * 2 when it was called wrongly or could not read or write what it was given. Never throws.
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await dispatch(argv, io);
  } catch (error) {
    const trouble = fileTrouble(error, io.cwd);
    if (trouble !== undefined) {
      io.stderr.write(`${PROGRAM}: ${addressed(printable(trouble))}\n`);
      return exitCode.misuse;
    }
    const isParsers = error instanceof Error && error.name === "CACError";
    const misused = isParsers || error instanceof Misuse;
    const text = misused ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error);
    io.stderr.write(`${PROGRAM}: ${misused ? addressed(printable(isParsers ? asTyped(text) : text)) : text}\n`);
    const command = argv.find((word) => Object.hasOwn(commands, word));
    if (misused)
      io.stderr.write(`Run ${PROGRAM} ${command === undefined ? "" : `${command} `}--help for what it takes.\n`);
    return exitCode.misuse;
  }
}

async function dispatch(argv: readonly string[], io: Io): Promise<number> {
  const name = argv.find((word) => !word.startsWith("-"));
  const load = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load) return await call(await load(), argv, io);

  const words = new Set(argv);
  if (name !== undefined) throw new Misuse(`there is no command ${printable(name)}`);
  if (words.has("--version") || words.has("-v")) {
    io.stdout.write(`${PROGRAM} ${packageVersion()}\n`);
    return exitCode.ok;
  }
  const listed = await Promise.all(Object.values(commands).map((each) => each()));
  if (words.has("--help") || words.has("-h")) {
    io.stdout.write(programHelp(PROGRAM, listed));
    return exitCode.ok;
  }
  io.stderr.write(programHelp(PROGRAM, listed));
  return exitCode.misuse;
}

async function call(command: CliCommand, argv: readonly string[], io: Io): Promise<number> {
  const cli = cac(PROGRAM);
  cli.option("-h, --help", "").option("-v, --version", "");
  const parsed = cli.command(command.usage, command.summary);
  for (const { flags, description } of command.options) parsed.option(flags, description);
  parsed.action((...given: unknown[]) => given);

  // What stands behind "--" is no option, and the parser leaves it as it is.
  const ends = argv.indexOf("--");
  const words = ends < 0 ? argv : argv.slice(0, ends);
  cli.parse(["node", PROGRAM, ...words.map(parserWord), ...argv.slice(words.length)], { run: false });
  if (cli.options.help) {
    io.stdout.write(commandHelp(PROGRAM, command));
    return exitCode.ok;
  }
  if (cli.options.version) {
    io.stdout.write(`${PROGRAM} ${packageVersion()}\n`);
    return exitCode.ok;
  }
  // Checks the arguments against what was declared; throws what is wrong with them.
  const args = [...cli.args, ...((cli.options["--"] as string[] | undefined) ?? [])];
  cli.args = args;
  cli.runMatchedCommand();
  return await command.run(args.map(unmarked), new CliOptions(cli.options), io);
}

// The parser knows a flag of several words by its camel case name only; otherwise it would take the next word for its value.
function parserWord(word: string): string {
  const option = /^--(?!no-)([a-z][a-z-]*)(?:=(.*))?$/s.exec(word);
  if (!option) return marked(word);
  const [, name = "", value] = option;
  return `--${camelCase(name)}${value === undefined ? "" : `=${marked(value)}`}`;
}

// The parser's complaints hold its own spelling of options, and marks.
function asTyped(complaint: string): string {
  return complaint
    .replaceAll(MARK, "")
    .replace(/--[A-Za-z]+/g, (option) => option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`));
}
