import { cpSync } from "node:fs";
import { join } from "node:path";
import { type Check, expectOutput } from "./check.js";

/** Two copies of the package in one program, one of them both as ESM and as CommonJS. */
export const copies: readonly Check[] = [
  {
    name: "two copies of the package: errors, brands, contracts and options are each other's",
    packages: { "socket.io": "4", "socket.io-client": "4", zod: "4" },
    quick: true,
    run(project) {
      const own = join(project.folder, "node_modules/@gestaloka/events");
      const second = join(project.folder, "second");
      cpSync(own, join(second, "node_modules/@gestaloka/events"), { recursive: true });
      expectOutput(project.node("copies.mjs"), "3 copies, 9 pairs");
    },
  },
];
