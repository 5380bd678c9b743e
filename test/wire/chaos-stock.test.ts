import { expect, it } from "vitest";
import { chaos } from "../support/chaos-run.js";

const seed = String(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));

// Of a dozen cuts a run beside other work lost nothing by chance, and so could not be told from one that sees nothing.
it("sees the loss of Socket.IO's own recovery with the same ledger", { timeout: 300_000 }, async () => {
  const { figures, code, story } = await chaos("--cuts", "40", "--events", "4000", "--seed", seed, "--stock");
  expect(figures, story).toMatchObject({ stock: true, complete: true, published: 4_000, cuts: 40 });
  expect(figures.lost).toBeGreaterThan(0);
  expect(code).toBe(0);
});
