import type { Contract } from "../contract/contract.js";
import type { SourceContract } from "../contract/define-contract.js";

/** The contract that commands use where none is named; this file alone of the CLI knows whose it is. */
export async function defaultContract(): Promise<Contract> {
  return (await import("../gestaloka/contract.gen.js")).contract;
}

/** The same with its schemas, for exports and comparisons: it loads zod. */
export async function defaultSourceContract(): Promise<SourceContract> {
  return (await import("../gestaloka/contract.js")).contract as unknown as SourceContract;
}
