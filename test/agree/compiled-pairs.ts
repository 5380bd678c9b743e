import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compileContract } from "../../src/compile/compile-contract.js";
import type { SourceContract } from "../../src/contract/define-contract.js";
import { contract as gestalokaClient } from "../../src/gestaloka/client.gen.js";
import { contract as gestalokaCompiled } from "../../src/gestaloka/contract.gen.js";
import { contract as gestaloka } from "../../src/gestaloka/contract.js";
import { contract as harbour } from "../fixtures/contract.js";
import { contract as kitchen } from "../fixtures/kitchen-sink.js";
import type { Pair } from "./compare.js";

/** Gestaloka as committed, and two test contracts compiled here and now. */
export async function compiledPairs(): Promise<Pair[]> {
  return [
    { source: gestaloka as unknown as SourceContract, compiled: gestalokaCompiled, client: gestalokaClient },
    await compiledNow(harbour as unknown as SourceContract),
    await compiledNow(kitchen as unknown as SourceContract),
  ];
}

/** Compiles a contract here and now; `edit` may spoil what is generated, to see whether that is seen. */
export async function compiledNow(source: SourceContract, edit = (text: string) => text): Promise<Pair> {
  const folder = mkdtempSync(join(import.meta.dirname, ".compiled-"));
  try {
    const { files } = compileContract(source, {
      runtime: "../../../src/compiled/index.js",
      shapes: "../../../src/shapes/index.js",
      server: "../../../src/server/event-target.js",
    });
    for (const { path, text } of files) writeFileSync(join(folder, path), edit(text));
    const load = async (file: string) => {
      const { contract } = (await import(/* @vite-ignore */ join(folder, file))) as { contract: Pair["compiled"] };
      return contract;
    };
    return { source, compiled: await load("contract.gen.ts"), client: await load("client.gen.ts") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
