import { ContractError } from "../../contract/errors.js";
import { type ContractSnapshot, SNAPSHOT_FORMAT, SNAPSHOT_REVISION } from "../snapshot.js";

/**
 * Reads a snapshot back from JSON. Payload shapes are left as they are: what this version does not know in them is for
 * `diffContracts` to find.
 *
 * @throws {ContractError} `contract_invalid` for what is no snapshot, or one of a later revision.
 */
export function readSnapshot(value: unknown): ContractSnapshot {
  const refuse = (sentence: string) => new ContractError("contract_invalid", `snapshot: ${sentence}`);
  if (typeof value !== "object" || value === null || (value as { format?: unknown }).format !== SNAPSHOT_FORMAT) {
    throw refuse(`it does not say "format": "${SNAPSHOT_FORMAT}"; write one with the export named snapshot`);
  }
  const snapshot = value as Partial<Record<keyof ContractSnapshot, unknown>>;
  if (snapshot.revision !== SNAPSHOT_REVISION) {
    throw refuse(
      `its revision is ${String(snapshot.revision)}, this version reads ${SNAPSHOT_REVISION}; use the version that wrote it`,
    );
  }
  for (const key of ["name", "version", "fingerprint"] as const) {
    if (typeof snapshot[key] !== "string") throw refuse(`${key} is missing`);
  }
  for (const key of ["events", "commands", "rooms"] as const) {
    const list = snapshot[key];
    const label = key === "rooms" ? "kind" : "name";
    const named =
      Array.isArray(list) &&
      list.every((each) => typeof each === "object" && each !== null && typeof each[label] === "string");
    if (!named) throw refuse(`${key} is no list of ${key}`);
    const names = list.map((each) => each[label] as string);
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) throw refuse(`${key}: ${JSON.stringify(twice)} stands there twice`);
  }
  if (typeof snapshot.roles !== "object" || snapshot.roles === null) throw refuse("roles is missing");
  return value as ContractSnapshot;
}
