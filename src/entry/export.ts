/**
 * A contract in other languages, and the judgement of one version by another. Pure: nothing here reads or writes files.
 *
 * @module
 */
export { type AsyncApiDocument, type AsyncApiOptions, toAsyncApi } from "../export/async-api.js";
export { type ContractDiff, type DiffOptions, diffContracts, isRaisedEnough } from "../export/diff/contract-diff.js";
export type { Finding, Subject } from "../export/diff/finding.js";
export { type Ignored, readIgnoreList } from "../export/diff/ignore-list.js";
export { readSnapshot } from "../export/diff/read-snapshot.js";
export { type DiffFormat, diffFormats, type ReportOptions, toDiffReport } from "../export/diff/report.js";
export { type Bump, type Level, type RuleName, rules } from "../export/diff/rules.js";
export { type ExportedDocument, type ExportFormat, exportDocument, exportFormats } from "../export/documents.js";
export { toJsonSchema, toPayloadSchema } from "../export/json-schema.js";
export { toMarkdown } from "../export/markdown.js";
export type { NotExpressed } from "../export/not-expressed.js";
export type { SchemaSubject } from "../export/payloads.js";
export { pythonFileName, toPython } from "../export/python/module.js";
export type { JsonSchema } from "../export/shape-schema.js";
export {
  type CommandSnapshot,
  type ContractSnapshot,
  type EventSnapshot,
  type RoomSnapshot,
  toSnapshot,
} from "../export/snapshot.js";
