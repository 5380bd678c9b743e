import type { Contract } from "../../contract/contract.js";
import { Misuse } from "../exit-code.js";
import type { Source } from "../input/sources.js";
import { readFindings } from "../messages/read-findings.js";
import { printable } from "../printable.js";
import { placeWords, sentenceOf } from "../report/words.js";
import type { Step } from "./scenario.js";

/**
 * The commands of a recorded file as the steps of one player; joins and leaves of rooms are those of the client.
 *
 * @throws {Misuse} for a file of which something cannot be read: it would be played without it.
 */
export async function recordedSteps(source: Source, contract: Contract, player: string): Promise<Step[]> {
  const steps: Step[] = [];
  for await (const batch of readFindings(source.name, source.open(), {})) {
    for (const { place, findings } of batch) {
      for (const finding of findings) {
        if (finding.kind !== "skipped" && finding.problem)
          throw new Misuse(`${printable(source.name)}:${placeWords(place)}: ${sentenceOf(finding.problem)}`);
        if (finding.kind !== "message") continue;
        const { event, payload, direction } = finding;
        const isCommand = direction === undefined ? !contract.events.has(event) : direction === "client_to_server";
        if (isCommand) steps.push({ player, ...stepOf(contract, event, payload) });
      }
    }
  }
  return steps;
}

function stepOf(contract: Contract, command: string, payload: unknown): Omit<Step, "player"> {
  // The identity in it is the recorded player's; the server takes this one's from the credential.
  const { [contract.identity ?? ""]: _, ...rest } = (payload ?? {}) as Record<string, unknown>;
  for (const { join, leave, prefix, parameter } of contract.roomKinds.values()) {
    // One that names no room is a step that is refused.
    if (typeof rest[parameter] !== "string") continue;
    if (command === join) return { join: `${prefix}${rest[parameter]}` };
    if (command === leave) return { leave: `${prefix}${rest[parameter]}` };
  }
  return { send: command, payload: rest };
}
