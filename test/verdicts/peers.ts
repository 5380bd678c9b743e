import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SourceContract } from "@gestaloka/events";
import { toAsyncApi } from "@gestaloka/events/export";
import { installPackages } from "../support/program.js";

/** What a judge of versions says; `unclassified` where it says that it cannot tell. */
export type Verdict = "holds" | "breaks" | "unclassified";

/** The versions that are compared with; npm's names of them. */
export const versions = { "@bufbuild/buf": "1.75.0", "@asyncapi/diff": "0.5.0" } as const;

/** Other judges of versions, installed in a folder of their own. */
export interface Peers {
  /** By buf's rules for the wire and for JSON, or by its default, which guards generated code too. */
  buf(before: string, after: string, rules: "WIRE_JSON" | "FILE"): Verdict;
  /** By the document that the contract is exported as. */
  asyncApi(before: SourceContract, after: SourceContract): Verdict;
  remove(): void;
}

/** Installs the peers from the registry. */
export function installPeers(): Peers {
  const folder = mkdtempSync(join(tmpdir(), "gestaloka-events-verdicts-"));
  writeFileSync(join(folder, "package.json"), `{"private":true}`);
  installPackages(folder, versions);
  const asyncApi = createRequire(join(folder, "package.json"))("@asyncapi/diff") as AsyncApiDiff;
  return {
    buf(before, after, rules) {
      const [old, now] = [before, after].map((text, i) => {
        const module = join(folder, `version-${i}`);
        mkdirSync(join(module, "game/v1"), { recursive: true });
        writeFileSync(join(module, "game/v1/game.proto"), text);
        return module;
      }) as [string, string];
      const config = JSON.stringify({ version: "v2", breaking: { use: [rules] } });
      const { status, stderr, stdout } = spawnSync(
        join(folder, "node_modules/.bin/buf"),
        ["breaking", now, "--against", old, "--config", config, "--against-config", config],
        { encoding: "utf8", env: { ...process.env, BUF_CACHE_DIR: join(folder, "cache") } },
      );
      if (status === 0) return "holds";
      // 100 says that it found something; anything else, that it did not judge.
      if (status === 100) return "breaks";
      throw new Error(`buf ended with ${status}: ${stderr}${stdout}`);
    },
    asyncApi(before, after) {
      const found = asyncApi.diff(resolved(toAsyncApi(before)), resolved(toAsyncApi(after)));
      if (found.breaking().length > 0) return "breaks";
      return found.unclassified().length > 0 ? "unclassified" : "holds";
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

interface AsyncApiDiff {
  diff(before: object, after: object): Record<"breaking" | "unclassified", () => readonly unknown[]>;
}

/** The document without references, as AsyncAPI's diff asks for, and without its version and fingerprint, which always differ. */
function resolved(document: object): object {
  const resolve = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map(resolve);
    const { $ref } = value as { readonly $ref?: string };
    if ($ref !== undefined) {
      const steps = $ref.slice(2).split("/");
      return resolve(
        steps.reduce((at, step) => (at as Record<string, unknown>)[step.replace(/~1/g, "/")], document as unknown),
      );
    }
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolve(inner)]));
  };
  return { ...(resolve(document) as object), info: {} };
}
