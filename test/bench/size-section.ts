import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { contract } from "@gestaloka/events";
import { build } from "esbuild";
import type { Row } from "./statistics.js";

const root = resolve(import.meta.dirname, "../..");

/** Bytes in a browser's bundle, and what a consumer costs the compiler; both repeat exactly. */
export async function sizeSection(): Promise<Row[]> {
  const client = await bytes(
    'import { createEventClient } from "@gestaloka/events/client"; import { contract } from "@gestaloka/events"; globalThis.client = createEventClient("/", { contract, auth: {} });',
  );
  const alone = await bytes(
    'import { createEventClient } from "@gestaloka/events/client"; globalThis.client = createEventClient;',
  );
  const checkers = await bytes('import { contract } from "@gestaloka/events"; globalThis.contract = contract;');
  const section = "size";
  return [
    {
      section,
      name: "./client with every event checked, without socket.io-client, min+gzip",
      value: client,
      unit: "bytes",
      budget: "≤ 8192",
    },
    { section, name: "of which ./client alone", value: alone, unit: "bytes" },
    { section, name: "of which the contract: names, rooms, fills and checkers", value: checkers, unit: "bytes" },
    ...(["typescript-5.9", "typescript", "typescript-7.0"] as const).map(
      (compiler): Row => ({
        section,
        name: `a consumer of every event, ${compiler}`,
        value: instantiations(compiler),
        unit: "instantiations",
        ...(compiler === "typescript" ? { budget: "≤ 8500" } : {}),
      }),
    ),
  ];
}

async function bytes(contents: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root },
    bundle: true,
    write: false,
    minify: true,
    format: "esm",
    platform: "browser",
    external: ["socket.io-client"],
    // The package by its own name: its exports map, its built files.
    absWorkingDir: root,
  });
  return gzipSync(outputFiles[0]?.contents ?? new Uint8Array(), { level: 9 }).length;
}

function instantiations(compiler: string): number {
  const folder = mkdtempSync(join(root, "test/bench/.types-"));
  try {
    const handlers = [...contract.appEvents.keys()]
      .map((name) => `client.on(${JSON.stringify(name)}, (payload) => void payload);`)
      .join("\n");
    writeFileSync(
      join(folder, "program.ts"),
      `import { contract } from "@gestaloka/events";\nimport { createEventClient } from "@gestaloka/events/client";\nconst client = createEventClient("/", { contract, auth: {} });\n${handlers}\nvoid client.send("game_action", { game_session_id: "s", action: "a" });\n`,
    );
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({
        compilerOptions: {
          target: "ES2022",
          module: "ESNext",
          moduleResolution: "bundler",
          lib: ["ES2022", "DOM"],
          types: [],
          strict: true,
          skipLibCheck: true,
          noEmit: true,
        },
        files: ["program.ts"],
      }),
    );
    const bin = compiler === "typescript-7.0" ? "bin/tsc" : "bin/tsc";
    const output = execFileSync(
      process.execPath,
      [join(root, "node_modules", compiler, bin), "-p", folder, "--extendedDiagnostics"],
      { cwd: folder, encoding: "utf8" },
    );
    return Number(/Instantiations:\s+(\d+)/.exec(output)?.[1]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
