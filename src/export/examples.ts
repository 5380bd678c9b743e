import type { DefinedCommand } from "../contract/command.js";
import { fill } from "../contract/derive.js";
import type { DefinedEvent } from "../contract/event.js";

// One moment for all generated documents, so that they do not change from day to day.
const MOMENT = Date.UTC(2026, 0, 1);

/** The valid examples of an event as they stand on the wire, with the derived fields filled. */
export function eventExamples(event: DefinedEvent): Record<string, unknown>[] {
  return event.examples.valid.map((input) => fill(event.derive ?? {}, event.name, input, MOMENT));
}

/** The valid examples of a command. */
export function commandExamples(command: DefinedCommand): Record<string, unknown>[] {
  return command.examples.valid.map((input) => ({ ...input }));
}
