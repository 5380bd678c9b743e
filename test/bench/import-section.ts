import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { interleave, median, type Row } from "./statistics.js";

const budgetMs = 25;
const startsPerRound = 3;
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
  // A start takes a tenth of a second and varies by a quarter of it: three starts a round are still soon over.
  const results = await interleave(
    rounds * startsPerRound,
    {
      socketIo: () => importMs("socket.io"),
      again: () => importMs("socket.io"),
      server: () => importMs("socket.io", server, contract),
      zod: () => importMs("zod/v4"),
    },
    (start) => onRound(Math.ceil(start / startsPerRound)),
  );
  const of = (name: string) => results[name] ?? [];
  const over = (name: string) => of(name).map((ms, i) => ms - (of("socketIo")[i] as number));
  const noiseMs = median(over("again").map(Math.abs));
  const section = "importing, cold";
  return [
    {
      section,
      name: "A/A: socket.io against itself",
      value: median(over("again")),
      unit: "ms",
      note: `± ${noiseMs.toFixed(1)} ms`,
    },
    {
      section,
      name: "./server and the contract, over socket.io alone",
      value: median(over("server")),
      unit: "ms",
      budget: `≤ ${budgetMs}`,
      noise: noiseMs / budgetMs,
    },
    { section, name: "zod alone, for scale", value: median(of("zod")), unit: "ms" },
  ];
}
