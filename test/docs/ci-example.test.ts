import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { contract as harbours } from "../../examples/own-contract/contract.js";
import { toSnapshot } from "../../src/export/snapshot.js";
import { bundleCli, type CliBundle } from "../cli/cli-bundle.js";
import { temporaryDirectory } from "../support/temporary-directory.js";

const root = resolve(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly if?: string;
  readonly shell?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string>>;
}
const action = parse(read("examples/ci/action.yml")) as {
  readonly inputs: Readonly<Record<string, { readonly default?: string; readonly required?: boolean }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
};

const folder = temporaryDirectory().path;
let cli: CliBundle;
beforeAll(async () => {
  cli = await bundleCli();
  // An application that has the package installed, and snapshots of what is deployed and of what is proposed.
  cpSync(join(root, "test/fixtures/captures"), join(folder, "captures"), { recursive: true });
  const deployed = JSON.stringify(toSnapshot(harbours as never));
  writeFileSync(join(folder, "deployed.json"), deployed);
  writeFileSync(join(folder, "next.json"), deployed.replaceAll('"max":64', '"max":32'));
  mkdirSync(join(folder, "node_modules/.bin"), { recursive: true });
  const bin = join(folder, "node_modules/.bin/gestaloka-events");
  writeFileSync(bin, `#!/bin/sh\nexec "${process.execPath}" "${cli.file}" "$@"\n`);
  chmodSync(bin, 0o755);
  writeFileSync(join(folder, "package.json"), "{}");
}, 60_000);
afterAll(() => cli.remove());

/** Runs the action's steps as a runner does: those whose condition holds, until one fails. */
function runAction(inputs: Readonly<Record<string, string>>): { code: number; log: string; summary: string } {
  const given = (name: string) => inputs[name] ?? action.inputs[name]?.default ?? "";
  const summary = join(folder, "summary.md");
  writeFileSync(summary, "");
  let log = "";
  for (const step of action.runs.steps) {
    const condition = /^inputs\.(\w+) != ''$/.exec(step.if ?? "");
    if (condition && given(condition[1] as string) === "") continue;
    const env = Object.fromEntries(
      Object.entries(step.env ?? {}).map(([name, value]) => [
        name,
        value.replace(/\$\{\{ inputs\.(\w+) \}\}/g, (_, input: string) => given(input)),
      ]),
    );
    const { status, stdout, stderr } = spawnSync(
      "bash",
      ["--noprofile", "--norc", "-eo", "pipefail", "-c", step.run as string],
      {
        cwd: folder,
        encoding: "utf8",
        env: { ...process.env, ...env, GITHUB_STEP_SUMMARY: summary },
      },
    );
    log += `${stdout}${stderr}`;
    if (status !== 0) return { code: status ?? -1, log, summary: readFileSync(summary, "utf8") };
  }
  return { code: 0, log, summary: readFileSync(summary, "utf8") };
}

describe("the action of examples/ci", { timeout: 180_000 }, () => {
  it("has a shell for every step, and every input that it reads", () => {
    expect(action.runs.using).toBe("composite");
    for (const step of action.runs.steps) {
      expect(step.shell).toBe("bash");
      // Inputs go through the environment: one written into a script could be a command.
      expect(step.run).not.toContain("${{");
      for (const [, input] of JSON.stringify(step).matchAll(/inputs\.(\w+)/g))
        expect(Object.keys(action.inputs)).toContain(input);
    }
  });

  it("passes what is valid and safe, and writes a summary", () => {
    const { code, log, summary } = runAction({
      against: join(root, "docs/contract/contract.json"),
      captures: "captures/python-server.ndjson\n",
    });
    expect([code, log]).toEqual([0, expect.stringContaining("::notice::Safe")]);
    expect(summary).toMatch(/^### gestaloka \S+ → gestaloka \S+\n\n\*\*Safe/);
  });

  it("fails for an invalid message, with an annotation", () => {
    const { code, log } = runAction({
      against: "deployed.json",
      captures: "captures/*.ndjson\n",
    });
    expect(code).toBe(1);
    expect(log).toMatch(/^::error file=captures\/python-server-rejected\.ndjson,line=1/m);
  });

  it("fails for a breaking change, unless the ignore list has it", () => {
    const inputs = { contract: "next.json", against: "deployed.json" };
    const { code, log, summary } = runAction(inputs);
    expect([code, log]).toEqual([
      1,
      expect.stringMatching(/^::error file=next\.json,title=LENGTH_NO_NARROW::command dock: harbour_id/m),
    ]);
    expect(summary).toContain("| breaking | `LENGTH_NO_NARROW` |");
    writeFileSync(
      join(folder, "ignore.yaml"),
      "- { rule: LENGTH_NO_NARROW, path: harbour_id, reason: No identifier is longer., expires: 2999-12-31 }\n",
    );
    expect(runAction({ ...inputs, ignore: "ignore.yaml" })).toMatchObject({
      code: 0,
      summary: expect.stringContaining("ignored: No identifier is longer."),
    });
  });
});

describe("the workflow of examples/ci", () => {
  const workflow = parse(read("examples/ci/workflow.yml")) as {
    readonly jobs: { readonly events: { readonly steps: readonly Step[] } };
  };

  it("gives the action inputs that it has, and those that it asks for", () => {
    const step = workflow.jobs.events.steps.find(({ uses }) => uses === "./examples/ci");
    expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(Object.keys(step?.with ?? {})));
    for (const [name, { required }] of Object.entries(action.inputs))
      if (required) expect(step?.with).toHaveProperty(name);
  });
});
