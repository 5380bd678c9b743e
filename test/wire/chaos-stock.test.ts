import { expect, it } from "vitest";
import { chaos } from "../support/chaos-run.js";

const seed = String(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));

it("sees the loss of Socket.IO's own recovery with the same ledger", { timeout: 300_000 }, async () => {
  const { figures, code, story } = await chaos("--cuts", "12", "--events", "1200", "--seed", seed, "--stock");
  expect(figures, story).toMatchObject({ stock: true, complete: true, published: 1_200, cuts: 12 });
  expect(figures.lost).toBeGreaterThan(0);
  expect(code).toBe(0);
});
