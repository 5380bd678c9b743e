import { rejects } from "node:assert/strict";

await rejects(import("zod"), { code: "ERR_MODULE_NOT_FOUND" });
for (const path of ["", "/server", "/client", "/compiled", "/shapes", "/browser"])
  await import(`@gestaloka/events${path}`);
await rejects(import("@gestaloka/events/schemas"), /Cannot find package 'zod'/);
console.log("@gestaloka/events/schemas asks for zod");
