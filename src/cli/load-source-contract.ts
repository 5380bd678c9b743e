import type { SourceContract } from "../contract/define-contract.js";
import { defaultSourceContract } from "./default-contract.js";
import { Misuse } from "./exit-code.js";
import { loadContract } from "./load-contract.js";

/**
 * Loads a contract with its schemas from a file; without a file, the default contract. What is wrong with the file is
 * told under the name `called`, as it was given to the command.
 *
 * @throws {Misuse} as `loadContract`, and for a compiled contract, which has no schemas.
 */
export async function loadSourceContract(
  file: string | undefined,
  cwd: string,
  called = file,
): Promise<SourceContract> {
  if (file === undefined) return await defaultSourceContract();
  const contract = await loadContract(file, cwd, called);
  if (!("definition" in contract)) {
    throw new Misuse(`${called}: it exports a compiled contract; name the file that calls defineContract`);
  }
  return contract as SourceContract;
}
