import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { runCli } from "./cli-run.js";

const capture = "test/fixtures/captures/python-server.ndjson";
const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };

describe("the CLI called wrongly", () => {
  it.each([
    [["validate"], "missing required args"],
    [["validate", "--fail-on-empty"], "missing required args"],
    [["validate", capture, "--as", "judge"], "--as: write reader or writer"],
    [["validate", capture, "--as"], "value is missing"],
    [["validate", capture, "--as", "reader", "--as", "writer"], "--as was given more than once"],
    [["validate", capture, "--direction", "up"], "--direction: write server_to_client or client_to_server"],
    [["validate", capture, "--format", "xml"], "--format: write text or json or junit or github"],
    [["validate", capture, "--fail-on-emty"], "Unknown option `--fail-on-emty`"],
    [["validate", capture, "--contract", "none.ts"], "--contract none.ts: there is no such file"],
    [["validate", capture, "--contract", "a--oldName.ts"], "--contract a--oldName.ts: there is no such file"],
    [["validate", ""], "a name is empty: write a file, a pattern or -"],
    [["validate", capture, ""], "a name is empty: write a file, a pattern or -"],
    [["validate", capture, "--contract", ""], "--contract: it is empty"],
    [["validate", capture, "--contract="], "--contract: it is empty"],
    [["export", "snapshot", "--out", ""], "--out: it is empty"],
    [["validate", capture, "--contract", "007"], "--contract 007: there is no such file"],
    [["validate", capture, "--contract=1.10"], "--contract 1.10: there is no such file"],
    [["validate", capture, "--contract", "1234567890123456789"], "--contract 1234567890123456789: there is no such"],
    [["validade", capture], "there is no command validade"],
    [["toString"], "there is no command toString"],
    [["export", "snapshot", "package.json"], "package.json: export a contract"],
    [["generate", "none.ts"], "none.ts: there is no such file"],
  ])("%j exits 2 and says what is wrong on stderr alone", async (argv, words) => {
    const result = await runCli(argv);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain(words);
    const [first, second, ...others] = result.stderr.split("\n");
    expect(first).toMatch(/^gestaloka-events: .* \(docs\/errors\.md#misuse\)$/);
    expect(second).toMatch(/^Run gestaloka-events (?:[a-z]+ )?--help for what it takes\.$/);
    expect(others).toEqual([""]);
    expect(result.stdout).toBe("");
  });
  it("without a command shows its help on stderr and exits 2", async () => {
    const result = await runCli([]);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain("validate <...files>");
  });
});

describe("the CLI asked about itself", () => {
  it("shows help on stdout and exits 0", async () => {
    expect(await runCli(["--help"])).toMatchObject({
      code: 0,
      stderr: "",
      stdout: expect.stringContaining("validate <...files>") as string,
    });
    const { code, stdout } = await runCli(["validate", "-h"]);
    expect(code).toBe(0);
    for (const option of [
      "--as",
      "--direction",
      "--contract",
      "--event",
      "--fail-on-empty",
      "--format",
      "--help",
      "--version",
    ])
      expect(stdout).toContain(option);
  });
  it("says in the help of every command what its exit codes mean", async () => {
    for (const command of ["diff", "doctor", "export", "generate", "play", "tail", "validate"])
      expect((await runCli([command, "--help"])).stdout).toMatch(/^Exit code: 0 .*, 1 .*, 2 misuse.*\.$/m);
  });
  it("shows the version of the package", async () => {
    for (const argv of [["--version"], ["-v"], ["validate", "--version"]])
      expect(await runCli(argv)).toMatchObject({ code: 0, stdout: `gestaloka-events ${version}\n` });
  });
  it("takes options before and behind files, with = or without, and files behind --", async () => {
    for (const argv of [
      ["--fail-on-empty", capture],
      [capture, "--fail-on-empty"],
      ["--as=writer", "--fail-on-empty", "--", capture],
    ])
      expect((await runCli(["validate", ...argv])).stdout).toContain("38 messages in 1 file");
    for (const name of ["--year=2026", "--my-capture", "007"])
      expect((await runCli(["validate", "--", name])).stdout).toContain(`${name}: cannot be read`);
  });
});
