import type { CliCommand } from "./command.js";

/** Every command by its name; a command is loaded when it is called, or listed. */
export const commands: Readonly<Record<string, () => Promise<CliCommand>>> = {
  diff: async () => (await import("./commands/diff.js")).diff,
  doctor: async () => (await import("./commands/doctor.js")).doctor,
  export: async () => (await import("./commands/export.js")).exportContract,
  generate: async () => (await import("./commands/generate.js")).generate,
  play: async () => (await import("./commands/play.js")).play,
  tail: async () => (await import("./commands/tail.js")).tail,
  validate: async () => (await import("./commands/validate.js")).validate,
};
