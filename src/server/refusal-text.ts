import { ContractError } from "../contract/errors.js";
import { attempt } from "./attempt.js";
import type { Reports } from "./reports.js";

const texts: ReadonlyMap<string, string> = new Map([
  ["unknown_command", "There is no such command."],
  ["payload_invalid", "The command is not well formed."],
  ["payload_too_large", "The command is too large."],
  ["identity_mismatch", "The command was sent in somebody else's name."],
  ["forbidden", "This is not allowed."],
  ["not_handled", "This command is not served here."],
  ["internal", "Something went wrong."],
  ["timeout", "It took too long."],
  ["rate_limited", "Too many commands."],
  ["credential_expired", "Sign in again."],
  ["server_closing", "The server is closing."],
]);

/** The application's own texts, and this library's where one throws, or gives none: nobody waits for the answer that would fail with it. */
export function refusalTexts(own: ((code: string) => string) | undefined, reports: Reports): (code: string) => string {
  if (!own) return refusalText;
  return (code) => {
    try {
      const text: unknown = own(code);
      if (typeof text === "string") return text;
      // One that is still to come comes too late, and may fail.
      attempt(() => text);
      throw new ContractError("contract_invalid", "errorText gave no text; return it at once");
    } catch (error) {
      reports.error(error, { during: "command" });
      return refusalText(code);
    }
  };
}

/** The constant text of a refusal for plain peers: no word of an exception, no value of a payload. */
function refusalText(code: string): string {
  return texts.get(code) ?? "The command was refused.";
}
