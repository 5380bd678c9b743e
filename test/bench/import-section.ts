import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { interleave, median, type Row } from "./statistics.js";

const root = resolve(import.meta.dirname, "../..");

function importMs(...names: string[]): number {
  const loads = names.map((name) => `await import(${JSON.stringify(name)});`).join("");
  const code = `const start = performance.now(); ${loads} process.stdout.write(String(performance.now() - start));`;
  return Number(execFileSync(process.execPath, ["--input-type=module", "-e", code], { cwd: root, encoding: "utf8" }));
}

/** Importing the server cold, with the compiled contract, over socket.io alone. */
export async function importSection(rounds: number, onRound: (round: number) => void): Promise<Row[]> {
  const server = `${root}/dist/server.js`;
  const contract = `${root}/dist/index.js`;
  const results = await interleave(
    rounds,
    {
      socketIo: () => importMs("socket.io"),
      again: () => importMs("socket.io"),
      server: () => importMs("socket.io", server, contract),
      zod: () => importMs("zod/v4"),
    },
    onRound,
  );
  const of = (name: string) => results[name] ?? [];
  const over = (name: string) => median(of(name).map((ms, i) => ms - (of("socketIo")[i] as number)));
  const section = "importing, cold";
  return [
    { section, name: "A/A: socket.io against itself", value: over("again"), unit: "ms" },
    {
      section,
      name: "./server and the contract, over socket.io alone",
      value: over("server"),
      unit: "ms",
      budget: "≤ 25",
    },
    { section, name: "zod alone, for scale", value: median(of("zod")), unit: "ms" },
  ];
}
