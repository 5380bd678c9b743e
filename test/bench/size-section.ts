import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { contract } from "@gestaloka/events";
import { bundle, using } from "../package/bundle.js";
import { checkedAndUnchecked } from "../package/checker-bytes.js";
import type { Row } from "./statistics.js";

const root = resolve(import.meta.dirname, "../..");

/** Bytes in a browser's bundle, and what a consumer costs the compiler; both repeat exactly. */
export async function sizeSection(): Promise<Row[]> {
  const section = "size";
  const checked = using("contract") + using("createEventClient", "/client");
  const stored = using("contract") + using("createEventClient, localStorageStore, deliveryReport", "/client");
  const bytes = async (code: string) => (await bundle(code)).bytes;
  const both = await bytes(checked);
  const react = join(root, "dist/react.js");
  const judging = await checkedAndUnchecked();
  return [
    {
      section,
      name: "./client with every event checked, without socket.io-client, min+gzip",
      value: both,
      unit: "bytes",
      budget: "≤ 8000",
    },
    {
      section,
      name: "of which ./client alone",
      value: await bytes(using("createEventClient", "/client")),
      unit: "bytes",
    },
    {
      section,
      name: "of which checkers, and the words of their refusals",
      value: judging.checked.bytes - judging.unchecked.bytes,
      unit: "bytes",
      budget: "≤ 2500",
    },
    {
      section,
      name: "with a stored queue and a delivery report",
      value: await bytes(stored),
      unit: "bytes",
      budget: "≤ 10000",
    },
    {
      section,
      name: "what all of ./react adds",
      value: existsSync(react) ? (await bytes(checked + using(await namesOf(react), "/react"))) - both : undefined,
      unit: "bytes",
      budget: "≤ 2500",
    },
    ...(["typescript-5.9", "typescript", "typescript-7.0"] as const).map(
      (compiler): Row => ({
        section,
        name: `a consumer of every event, ${compiler}`,
        value: instantiations(compiler),
        unit: "instantiations",
        budget: "≤ 8500",
      }),
    ),
  ];
}

async function namesOf(file: string): Promise<string> {
  const names = Object.keys((await import(file)) as object);
  return names.filter((name) => name !== "default").join(", ");
}

function instantiations(compiler: string): number {
  const folder = mkdtempSync(join(root, "test/bench/.types-"));
  try {
    const handlers = [...contract.appEvents.keys()]
      .slice(0, 30)
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
    const output = execFileSync(
      process.execPath,
      [join(root, "node_modules", compiler, "bin/tsc"), "-p", folder, "--extendedDiagnostics"],
      { cwd: folder, encoding: "utf8" },
    );
    return Number(/Instantiations:\s+(\d+)/.exec(output)?.[1]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
