import type { Contract } from "../contract/contract.js";

/** The contract that commands use where none is named; the only line of the CLI that knows whose it is. */
export async function defaultContract(): Promise<Contract> {
  return (await import("../gestaloka/contract.gen.js")).contract;
}
