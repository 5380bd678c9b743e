import { stringify } from "yaml";
import type { SourceContract } from "../contract/define-contract.js";
import { ContractError } from "../contract/errors.js";
import { type AsyncApiOptions, toAsyncApi } from "./async-api.js";
import { toJsonSchema } from "./json-schema.js";
import { toMarkdown } from "./markdown.js";
import { pythonFileName, toPython } from "./python/module.js";
import { toSnapshot } from "./snapshot.js";

/** What a contract can be exported as. */
export const exportFormats = ["json-schema", "asyncapi", "python", "markdown", "snapshot"] as const;

/** One of {@link exportFormats}. */
export type ExportFormat = (typeof exportFormats)[number];

/** A generated file: its name and its whole text. */
export interface ExportedDocument {
  /** What it is written in. */
  readonly format: ExportFormat;
  /** The file's name, without a folder. */
  readonly file: string;
  /** The whole text. */
  readonly text: string;
}

/** Writes one export as the text of a file; the same contract gives the same bytes on every machine. */
export function exportDocument(
  contract: SourceContract,
  format: ExportFormat,
  options: { readonly asyncApi?: AsyncApiOptions } = {},
): ExportedDocument {
  switch (format) {
    case "json-schema":
      return { format, file: "json-schema.json", text: json(toJsonSchema(contract)) };
    case "asyncapi":
      return {
        format,
        file: "asyncapi.yaml",
        text: stringify(toAsyncApi(contract, options.asyncApi), { lineWidth: 120, aliasDuplicateObjects: false }),
      };
    case "python":
      return { format, file: pythonFileName(contract), text: toPython(contract) };
    case "markdown":
      return { format, file: "catalogue.md", text: toMarkdown(contract) };
    case "snapshot":
      return { format, file: "contract.json", text: json(toSnapshot(contract)) };
    default:
      throw new ContractError("contract_invalid", `exportDocument: write one of ${exportFormats.join(", ")}`);
  }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
