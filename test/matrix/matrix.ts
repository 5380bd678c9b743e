import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { checks } from "./checks.js";
import { runMatrix } from "./run.js";

const usage = `Usage: npm run matrix [-- options]

Packs the package, installs the tarball in clean projects beside each version of what it works with, and uses it there.

  --quick      what needs no installation
  --only TEXT  the entries whose name holds the text
  --json       one line of JSON at the end in place of the summary
  --help       this text
`;
const { values } = parseArgs({
  options: {
    quick: { type: "boolean" },
    only: { type: "string" },
    json: { type: "boolean" },
    help: { type: "boolean" },
  },
});
if (values.help) {
  process.stdout.write(usage);
  process.exit();
}

const wanted = checks
  .filter(({ quick = false }) => quick || !values.quick)
  .filter(({ name }) => values.only === undefined || name.toLowerCase().includes(values.only.toLowerCase()));
const folder = mkdtempSync(join(tmpdir(), "gestaloka-events-matrix-"));
try {
  const results = await runMatrix(wanted, folder, values.quick ? "installed" : "registry", ({ name, ms, error }) => {
    process.stderr.write(
      `${error === undefined ? "ok    " : "FAILED"} ${(ms / 1_000).toFixed(1).padStart(6)} s  ${name}\n`,
    );
    if (error !== undefined) process.stderr.write(`${error.replace(/^/gm, "        ")}\n`);
  });
  const failed = results.filter(({ error }) => error !== undefined).length;
  const passed = results.length - failed;
  process.stdout.write(
    values.json ? `${JSON.stringify({ passed, failed, results })}\n` : `${passed} passed, ${failed} failed\n`,
  );
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
