import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { temporaryDirectory } from "../support/temporary-directory.js";
import { installTypes } from "./installed-types.js";

const root = resolve(import.meta.dirname, "../..");

/** What a package that others of a monorepo import exports: the parts of a contract, and what is made of it. */
const contract = `import { defineCommand, defineContract, defineEvent, derive, jsonObject, jsonValue, openEnum, room, timestampPattern } from "@gestaloka/events";
import * as z from "zod/v4";

export const suit = openEnum(z.enum(["hearts", "spades"]));
export const bag = jsonObject(z.looseObject({ known: z.string().optional() }));
export const any = jsonValue(z.json()).nullish();
export const table = room("table_{table_id}", { join: "sit", leave: "rise" });
export const dealt = defineEvent({
  name: "card_dealt",
  appName: "card:dealt",
  audience: "table",
  payload: z.object({ suit, bag: bag.optional(), any, timestamp: z.string().regex(timestampPattern) }),
  derive: { timestamp: derive.now() },
  lane: "critical",
  recover: true,
  summary: "A card was dealt.",
  since: "1.0.0",
  examples: { valid: [{ suit: "hearts" }], invalid: [{ path: "suit", payload: {} }] },
});
const sitting = { room: "table", payload: z.object({ table_id: z.string() }), ack: z.object({}), offline: "reject", since: "1.0.0" } as const;
const examples = { valid: [{ table_id: "t" }], invalid: [{ path: "table_id", payload: {} }] };
export const sit = defineCommand({ ...sitting, name: "sit", summary: "Takes a seat.", examples });
export const rise = defineCommand({ ...sitting, name: "rise", summary: "Leaves.", examples });
export const contract = defineContract({ name: "cards", version: "1.0.0", events: [dealt], commands: [sit, rise], rooms: { table } });
`;
const uses = `import { contract as gestaloka, type TypesOf } from "@gestaloka/events";
import { createEventClient } from "@gestaloka/events/client";
import { createEventHooks, useEvent as useGestalokaEvent } from "@gestaloka/events/react";
import type { EventServer } from "@gestaloka/events/server";
import { contract } from "./contract.js";

export const client = createEventClient("https://cards.example", { contract, auth: {} });
export const { on, send, join, connection } = client;
declare const server: EventServer<TypesOf<typeof contract>>;
export const { to, handle, members } = server;
export const { EventsProvider, useEvent, useLatestEvent, useRoom } = createEventHooks(contract);
export const game = createEventClient("https://play.example", { contract: gestaloka, auth: {} });
export const hooks = { useEvent: useGestalokaEvent };
`;

const folder = temporaryDirectory(join(root, "node_modules/.cache")).path;
beforeAll(() => {
  installTypes(folder);
  writeFileSync(join(folder, "contract.ts"), contract);
  writeFileSync(join(folder, "uses.ts"), uses);
});

function declarations(compiler: string, moduleResolution: string): string {
  const compilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    composite: true,
    emitDeclarationOnly: true,
    outDir: compiler,
    skipLibCheck: true,
    target: "ES2022",
    lib: ["ES2022", "DOM"],
    types: [],
    module: moduleResolution === "bundler" ? "ESNext" : "NodeNext",
    moduleResolution,
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["contract.ts", "uses.ts"] }));
  const home = join(root, "node_modules", compiler);
  const { bin } = JSON.parse(readFileSync(join(home, "package.json"), "utf8")) as { bin: { tsc: string } };
  try {
    execFileSync(process.execPath, [join(home, bin.tsc), "-p", folder], { encoding: "utf8" });
  } catch (error) {
    return String((error as { stdout?: unknown }).stdout);
  }
  return readFileSync(join(folder, compiler, "contract.d.ts"), "utf8");
}

it.each([
  ["typescript-5.9", "bundler"],
  ["typescript", "nodenext"],
  ["typescript-7.0", "bundler"],
])(
  "a contract and what is made of it can be exported where declarations are written, under %s, %s",
  {
    timeout: 120_000,
  },
  (compiler, resolution) => {
    const written = declarations(compiler, resolution);
    expect(written).not.toContain("error TS");
    expect(written).toContain('import("@gestaloka/events").InferTypes<');
  },
);
