import { equal, match, rejects } from "node:assert/strict";
import { spawnSync } from "node:child_process";

await rejects(import("zod"), { code: "ERR_MODULE_NOT_FOUND" });
for (const path of ["", "/server", "/client", "/compiled", "/shapes", "/browser"])
  await import(`@gestaloka/events${path}`);
await rejects(import("@gestaloka/events/schemas"), /Cannot find package 'zod'/);
const cli = "node_modules/@gestaloka/events/dist/cli.js";
const { status, stderr } = spawnSync(process.execPath, [cli, "export", "python"], { encoding: "utf8" });
equal(status, 2);
match(
  stderr,
  /^gestaloka-events: this needs zod, which is not installed: npm install zod \(docs\/errors\.md#misuse\)\n/,
);
console.log("@gestaloka/events/schemas and its exports ask for zod");
