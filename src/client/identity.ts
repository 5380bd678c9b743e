import type { Contract } from "../contract/contract.js";

/** Fills in who sends a command, where it has a field for it; what the caller gave stays. */
export type WithIdentity = (command: string, payload: object) => object;

/**
 * A plain server believes the sender's id in the payload and refuses a command without it; an announced one knows it
 * from the credential.
 */
export function createIdentity(contract: Contract, userId: string | undefined): WithIdentity {
  const { identity } = contract;
  return (command, payload) =>
    userId !== undefined && contract.commands.get(command)?.identity
      ? { [identity as string]: userId, ...payload }
      : payload;
}

/** The names of the rooms that a user is in once authenticated; `undefined` for a user who is not known. */
export function roomsOfUser(contract: Contract, userId: string | undefined): string[] | undefined {
  if (userId === undefined) return undefined;
  return [...contract.roomKinds.values()].filter((kind) => kind.authenticated).map(({ prefix }) => prefix + userId);
}
