import type { SourceContract } from "../contract/define-contract.js";
import { defaultSourceContract } from "./default-contract.js";
import { Misuse } from "./exit-code.js";
import { loadContract } from "./load-contract.js";

/**
 * Loads a contract with its schemas from a file; without a file, the default contract.
 *
 * @throws {Misuse} as `loadContract`, and for a compiled contract, which has no schemas.
 */
export async function loadSourceContract(file: string | undefined, cwd: string): Promise<SourceContract> {
  if (file === undefined) return await defaultSourceContract();
  const contract = await loadContract(file, cwd);
  if (!("definition" in contract)) {
    throw new Misuse(`${file}: it exports a compiled contract; name the file that calls defineContract`);
  }
  return contract as SourceContract;
}
