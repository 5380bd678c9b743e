import type { Contract } from "../contract/contract.js";
import type { SourceContract } from "../contract/define-contract.js";
import { Misuse } from "./exit-code.js";

/** The contract that commands use where none is named; this file alone of the CLI knows whose it is. */
export async function defaultContract(): Promise<Contract> {
  return (await import("../gestaloka/contract.gen.js")).contract;
}

/** The same with its schemas, for exports and comparisons. @throws {Misuse} where zod, which it loads, is not installed. */
export async function defaultSourceContract(): Promise<SourceContract> {
  try {
    return (await import("../gestaloka/contract.js")).contract as unknown as SourceContract;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== "ERR_MODULE_NOT_FOUND" || !message.includes("'zod'")) throw error;
    throw new Misuse("this needs zod, which is not installed: npm install zod");
  }
}
