import { expect, it } from "vitest";
import { objectBytesOfConnection } from "../bench/idle-section.js";

// Of a budget of 512 bytes, tables and text included, which `npm run bench -- --section idle` measures.
it("keeps objects of at most 300 bytes for an idle connection beside those of Socket.IO", async () => {
  const [library, raw] = await Promise.all([objectBytesOfConnection(true), objectBytesOfConnection(false)]);
  expect(library - raw).toBeLessThanOrEqual(300);
}, 60_000);
