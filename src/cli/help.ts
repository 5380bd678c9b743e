import type { CliCommand } from "./command.js";

const always = [
  { flags: "-h, --help", description: "Show this" },
  { flags: "-v, --version", description: "Show the version" },
];

/** The help of one command. */
export function commandHelp(program: string, command: CliCommand): string {
  return [
    command.summary,
    `Usage:\n  ${program} ${command.usage} [options]`,
    ...(command.details === undefined ? [] : [command.details]),
    `Options:\n${table([...command.options, ...always].map(({ flags, description }) => [flags, description]))}`,
    `Examples:\n${command.examples.map((example) => `  ${program} ${example}`).join("\n")}`,
    "",
  ].join("\n\n");
}

/** The help of the program: its commands. */
export function programHelp(program: string, commands: readonly CliCommand[]): string {
  return [
    `Usage:\n  ${program} <command> [options]`,
    `Commands:\n${table(commands.map(({ usage, summary }) => [usage, summary]))}`,
    `Options:\n${table(always.map(({ flags, description }) => [flags, description]))}`,
    `Run ${program} <command> --help for the options of a command.`,
    "",
  ].join("\n\n");
}

function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([term]) => term.length));
  return rows
    .map(([term, words]) => `  ${term.padEnd(width)}  ${words.replaceAll("\n", `\n${" ".repeat(width + 4)}`)}`)
    .join("\n");
}
