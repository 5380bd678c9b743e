import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");

it("holds no file, export or package that nothing uses, by knip", { timeout: 120_000 }, () => {
  const { status, stdout } = spawnSync(resolve(root, "node_modules/.bin/knip"), ["--no-progress"], {
    cwd: root,
    encoding: "utf8",
  });
  expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
});
