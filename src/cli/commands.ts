import type { CliCommand } from "./command.js";

/** Every command by its name; a command is loaded when it is called, or listed. */
export const commands: Readonly<Record<string, () => Promise<CliCommand>>> = {
  generate: async () => (await import("./commands/generate.js")).generate,
  validate: async () => (await import("./commands/validate.js")).validate,
};
