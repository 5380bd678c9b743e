import { fieldNames, wordless } from "../../contract/shape.js";
import { canonical } from "../fingerprint.js";
import type { CommandSnapshot, ContractSnapshot, EventSnapshot, RoomSnapshot } from "../snapshot.js";
import { foreignDeclarations } from "./declarations.js";
import { type Finding, finding, type Subject } from "./finding.js";
import { unknownKeywords } from "./keywords.js";
import { payloadChanges } from "./payload-changes.js";
import { judgePayload, type Skew } from "./payload-rules.js";
import type { RuleName } from "./rules.js";

/** What was compared, and how lenient one may be. */
export interface Comparison {
  readonly before: ContractSnapshot;
  readonly after: ContractSnapshot;
  /** Judge everything both ways, not only what outlives a deploy. */
  readonly bothWays: boolean;
}

/** The rules about the contract itself, its rooms and roles. */
export function contractFindings({ before, after }: Comparison): Finding[] {
  const contract = { kind: "contract", name: after.name } as const;
  return [
    ...foreignDeclarations(contract, "old", before),
    ...foreignDeclarations(contract, "new", after),
    ...changed("CONTRACT_NAME_SAME", contract, "name", before.name, after.name),
    ...changed("CONTRACT_MAJOR_SAME", contract, "major version", majorOf(before), majorOf(after)),
    ...changed("ROLE_SAME", contract, "roles", before.roles, after.roles),
    ...paired(before.rooms, after.rooms, (room) => room.kind).flatMap(([old, now, name]) =>
      roomFindings(old, now, name),
    ),
  ];
}

function majorOf({ version }: ContractSnapshot): string | undefined {
  return version.split(".")[0];
}

function roomFindings(old: RoomSnapshot | undefined, now: RoomSnapshot | undefined, name: string): Finding[] {
  const room = { kind: "room", name } as const;
  if (!now) return [finding("ROOM_NO_DELETE", room, "")];
  if (!old) return [finding("ROOM_ADDED", room, ""), ...foreignDeclarations(room, "new", now)];
  return [
    ...changed("ROOM_NAME_SAME", room, "", `${old.prefix}{${old.parameter}}`, `${now.prefix}{${now.parameter}}`),
    ...changed("ROOM_ENTRY_SAME", room, "", optionsOf(old, isEntry), optionsOf(now, isEntry)),
    ...changed("ROOM_NOTICES_SAME", room, "", optionsOf(old, isNotice), optionsOf(now, isNotice)),
    ...foreignDeclarations(room, "old", old),
    ...foreignDeclarations(room, "new", now),
  ];
}

const isEntry = (option: string) => ["enter", "join", "leave"].includes(option);
const isNotice = (option: string) => !isEntry(option);

function optionsOf({ options }: RoomSnapshot, isMeant: (option: string) => boolean): object {
  return Object.fromEntries(Object.entries(options ?? {}).filter(([option]) => isMeant(option)));
}

/** The rules about one event; what is recovered outlives a deploy and is judged both ways. */
export function eventFindings(
  old: EventSnapshot | undefined,
  now: EventSnapshot | undefined,
  name: string,
  comparison: Comparison,
): Finding[] {
  const event = { kind: "event", name } as const;
  if (!now) {
    const turned =
      comparison.after.commands.some((command) => command.name === name) &&
      !comparison.before.commands.some((command) => command.name === name);
    return [finding(turned ? "EVENT_DIRECTION_SAME" : "EVENT_NO_DELETE", event, "")];
  }
  if (!old)
    return [
      finding("EVENT_ADDED", event, ""),
      ...unknownKeywords(event, now.payload, "new"),
      ...foreignDeclarations(event, "new", now),
    ];
  const skews: Skew[] =
    old.recover || now.recover || comparison.bothWays ? ["new_to_old", "old_to_new"] : ["new_to_old"];
  return [
    ...changed("EVENT_AUDIENCE_SAME", event, "audience", old.audience, now.audience),
    ...changed("EVENT_APP_NAME_SAME", event, "appName", old.appName, now.appName),
    ...changed("EVENT_EMITTER_SAME", event, "emitter", old.emitter, now.emitter),
    ...changed("EVENT_LANE_SAME", event, "lane", old.lane, now.lane),
    ...changed("EVENT_RECOVER_SAME", event, "recover", old.recover, now.recover),
    ...changed("EVENT_COALESCE_SAME", event, "coalesce", old.coalesce, now.coalesce),
    ...changed("EVENT_DERIVATION_SAME", event, "derive", old.derive, now.derive),
    ...foreignDeclarations(event, "old", old),
    ...foreignDeclarations(event, "new", now),
    ...payloadFindings(event, old.payload, now.payload, skews),
    ...wordFindings(event, old, now),
  ];
}

/** The rules about one command and its acknowledgement; what is queued outlives a deploy and is judged both ways. */
export function commandFindings(
  old: CommandSnapshot | undefined,
  now: CommandSnapshot | undefined,
  name: string,
  comparison: Comparison,
): Finding[] {
  const command = { kind: "command", name } as const;
  const ack: Subject = { kind: "ack", name };
  if (!now) return [finding("COMMAND_NO_DELETE", command, "")];
  if (!old) {
    const rule = comparison.bothWays ? "COMMAND_ADDED_BOTH_WAYS" : "COMMAND_ADDED";
    return [
      finding(rule, command, ""),
      ...unknownKeywords(command, now.payload, "new"),
      ...unknownKeywords(ack, now.ack, "new"),
      ...foreignDeclarations(command, "new", now),
    ];
  }
  const both = old.offline === "queue" || now.offline === "queue" || comparison.bothWays;
  return [
    ...changed("COMMAND_ROOM_SAME", command, "room", old.room, now.room),
    ...changed("COMMAND_OFFLINE_SAME", command, "offline", old.offline, now.offline),
    ...changed("COMMAND_SERIAL_SAME", command, "serial", old.serial, now.serial),
    ...senderFindings(command, old, now, comparison),
    ...refusalFindings("COMMAND_REFUSAL_NO_ADD", command, "new refusal codes", now, old),
    ...refusalFindings("COMMAND_REFUSAL_REMOVED", command, "refusal codes that are gone", old, now),
    ...foreignDeclarations(command, "old", old),
    ...foreignDeclarations(command, "new", now),
    ...payloadFindings(command, old.payload, now.payload, both ? ["old_to_new", "new_to_old"] : ["old_to_new"]),
    ...payloadFindings(ack, old.ack, now.ack, both ? ["new_to_old", "old_to_new"] : ["new_to_old"]),
    ...wordFindings(command, old, now),
  ];
}

/** What one kind of room makes of a field that was like any other: where it names its sender, only theirs is taken. */
function senderFindings(command: Subject, old: CommandSnapshot, now: CommandSnapshot, { before, after }: Comparison) {
  const field = senderOf(after);
  if (field === undefined || field === senderOf(before)) return [];
  // What cannot be judged is told of by its payload.
  const isField = ({ payload }: CommandSnapshot) =>
    unknownKeywords(command, payload, "new").length === 0 && fieldNames(payload).has(field);
  return isField(old) && isField(now) ? [finding("COMMAND_SENDER_SAME", command, field)] : [];
}

function senderOf({ rooms }: ContractSnapshot): string | undefined {
  return rooms.find(({ options }) => options?.enter === "authenticated")?.parameter;
}

/** What one side refuses a command with, and the other does not. */
function refusalFindings(rule: RuleName, command: Subject, what: string, one: CommandSnapshot, other: CommandSnapshot) {
  const codes = refusalsOf(one).filter((code) => !refusalsOf(other).includes(code));
  return codes.length === 0 ? [] : [finding(rule, command, "refusals", `${what}: ${codes.join(", ")}`)];
}

// A snapshot that says none is told of above.
function refusalsOf({ refusals }: CommandSnapshot): readonly string[] {
  return Array.isArray(refusals) ? refusals : [];
}

function payloadFindings(
  subject: Subject,
  old: EventSnapshot["payload"],
  now: EventSnapshot["payload"],
  skews: readonly Skew[],
): Finding[] {
  const unknown = [...unknownKeywords(subject, old, "old"), ...unknownKeywords(subject, now, "new")];
  if (unknown.length > 0) return unknown;
  const judged = judgePayload(subject, old, now, skews);
  const broken = new Set(judged.map(({ path }) => path));
  return [
    ...judged,
    ...payloadChanges(subject, old, now).filter(({ rule, path }) =>
      rule === "PAYLOAD_CHANGED" ? judged.length === 0 : rule !== "FIELD_REMOVED" || !broken.has(path),
    ),
  ];
}

function wordFindings<TEntry extends EventSnapshot | CommandSnapshot>(
  subject: Subject,
  old: TEntry,
  now: TEntry,
): Finding[] {
  const said = ({ summary, deprecated, since, logFields }: TEntry) => [summary, deprecated, since, logFields];
  const shapes = (entry: TEntry) => ("ack" in entry ? [entry.payload, entry.ack] : [entry.payload]);
  const sameWords = canonical(said(old)) === canonical(said(now));
  // Where the payload itself changed, that is said already.
  const sameDescriptions =
    canonical(shapes(old)) === canonical(shapes(now)) ||
    canonical(wordless(shapes(old))) !== canonical(wordless(shapes(now)));
  return sameWords && sameDescriptions ? [] : [finding("WORDS_CHANGED", subject, "")];
}

function changed(rule: RuleName, subject: Subject, what: string, old: unknown, now: unknown): Finding[] {
  if (canonical(old) === canonical(now)) return [];
  const label = what === "" ? subject.kind : what;
  return [finding(rule, subject, "", `${label} was ${said(old)} and is ${said(now)}`)];
}

function said(value: unknown): string {
  return value === undefined ? "not set" : typeof value === "string" ? value : JSON.stringify(value);
}

/** What stands on either side under each name: the old ones in order, then the new ones. */
export function paired<TEntry>(
  old: readonly TEntry[],
  now: readonly TEntry[],
  nameOf: (entry: TEntry) => string,
): [TEntry | undefined, TEntry | undefined, string][] {
  const names = [...new Set([...old, ...now].map(nameOf))];
  return names.map((name) => [
    old.find((entry) => nameOf(entry) === name),
    now.find((entry) => nameOf(entry) === name),
    name,
  ]);
}
