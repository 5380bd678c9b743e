import { ContractError } from "@gestaloka/events";

/** The refusal that `define` throws, as `code: message without what every message has`; fails if it throws none. */
export function refusalOf(define: () => unknown): string {
  try {
    define();
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    return error.message.replace("[@gestaloka/events] ", `${error.code}: `).replace(/ \(docs\/errors\.md#\w+\)$/, "");
  }
  throw new Error("nothing was refused");
}
