import { execFile } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");

interface Figures {
  readonly [name: string]: unknown;
  readonly pass: boolean;
}

/** Runs the harness as `npm run chaos` does; its last line, whatever its exit code. */
function chaos(...args: readonly string[]): Promise<{ figures: Figures; code: number; story: string }> {
  return new Promise((resolve, reject) => {
    const command = ["--import", "jiti/register", "test/chaos/main.ts", "--json", ...args];
    execFile(process.execPath, command, { cwd: root, maxBuffer: 2 ** 24 }, (error, stdout, stderr) => {
      const last = stdout.trimEnd().split("\n").at(-1) ?? "";
      if (!last.startsWith("{")) reject(new Error(`no figures: ${stderr}`));
      else resolve({ figures: JSON.parse(last) as Figures, code: Number(error?.code ?? 0), story: stderr });
    });
  });
}

const seed = String(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));

describe("a storm of 200 cuts", () => {
  it("loses nothing, doubles nothing, and tells of everything that it could not recover", {
    timeout: 300_000,
  }, async () => {
    console.info(`storm, SEED=${seed}`);
    const { figures, code, story } = await chaos("--cuts", "200", "--events", "20000", "--seed", seed);
    expect(figures, story).toMatchObject({
      complete: true,
      settled: true,
      published: 20_000,
      cuts: 200,
      kills: 1,
      lost: 0,
      duplicated: 0,
      reordered: 0,
      falseRecovered: 0,
      coalescedWrong: 0,
      commandsLost: 0,
      commandsDuplicated: 0,
      commandsReordered: 0,
      emitsFailed: 0,
    });
    expect(figures.lowDropped).toBe(figures.lowDroppedCounted);
    expect(figures.handled).toBeGreaterThan(100_000);
    expect(figures.commands).toBeGreaterThan(500);
    expect(figures.recoveries).toBeGreaterThan(50);
    // Every room of every client stood in a log that the killed server took with it.
    expect((figures.resyncs as Record<string, number>).epoch_changed).toBeGreaterThan(100);
    expect(code).toBe(0);
  });

  it("sees the loss of Socket.IO's own recovery with the same ledger", { timeout: 300_000 }, async () => {
    const { figures, code, story } = await chaos("--cuts", "12", "--events", "1200", "--seed", seed, "--stock");
    expect(figures, story).toMatchObject({ stock: true, complete: true, published: 1_200, cuts: 12 });
    expect(figures.lost).toBeGreaterThan(0);
    expect(code).toBe(0);
  });
});
