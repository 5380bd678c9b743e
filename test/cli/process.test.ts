import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, createReadStream, existsSync, openSync, readFileSync, writeSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openHarbour } from "../support/harbour-server.js";
import { temporaryDirectory } from "../support/temporary-directory.js";
import { bundleCli, bundleCliAlone, type CliBundle, spawnNode } from "./cli-bundle.js";

const capture = "test/fixtures/captures/python-server.ndjson";
const directory = temporaryDirectory();
let cli: CliBundle;
beforeAll(async () => {
  cli = await bundleCli();
}, 60_000);
afterAll(() => cli.remove());

describe("the CLI as a process", () => {
  it("exits 0 when all is valid, 1 when some is not, 2 when called wrongly", async () => {
    const ok = await spawnNode([cli.file, "validate", capture]);
    expect(ok).toMatchObject({ code: 0, stderr: "" });
    expect(ok.stdout).toContain("38 valid, 0 invalid");
    const rejected = await spawnNode([cli.file, "validate", capture.replace(".ndjson", "-rejected.ndjson")]);
    expect(rejected.code).toBe(1);
    expect(rejected.stdout).toContain("game_session_id");
    expect(rejected.stdout).toContain("action");
    expect((await spawnNode([cli.file, "validate"])).code).toBe(2);
    expect((await spawnNode([cli.file, "validate", "none.ndjson"])).code).toBe(2);
  }, 60_000);
  it.runIf(existsSync("/proc/self"))("says where no folder can be made, and ends", async () => {
    expect(await spawnNode([cli.file, "export", "python", "--out", "/proc/nowhere/deeper"])).toEqual({
      code: 2,
      stdout: "",
      stderr: "gestaloka-events: /proc/nowhere: no folder can be made there (docs/errors.md#misuse)\n",
    });
  });
  it("reads from a pipe", async () => {
    const { code, stdout } = await spawnNode([cli.file, "validate", "-"], { stdin: createReadStream(capture) });
    expect(code).toBe(0);
    expect(stdout).toContain("38 valid, 0 invalid");
  }, 60_000);
  it("lets a contract neither write into its output nor keep it from ending", async () => {
    const contract = directory.write(
      "contract.mjs",
      `import { defineContract } from "@gestaloka/events";
console.log("loaded");
setInterval(() => {}, 1_000);
export default defineContract({ name: "own", version: "1.0.0", events: [], commands: [], rooms: {} });
`,
    );
    const argv = [cli.file, "validate", "-", "--format", "json", "--contract", contract];
    const { code, stdout, stderr } = await spawnNode(argv);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "loaded\n" });
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, contract: "own@1.0.0" });
  }, 60_000);
  it("exits 2 where a contract ends the process, which judged nothing", async () => {
    for (const [name, text] of [
      ["exits.mjs", "process.exit(0);\n"],
      ["waits.mjs", "await new Promise(() => {});\n"],
    ] as const) {
      const { code, stdout, stderr } = await spawnNode([
        cli.file,
        "validate",
        "-",
        "--contract",
        directory.write(name, text),
      ]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toContain(
        "gestaloka-events: the process was ended before the command was done (docs/errors.md#misuse)\n",
      );
    }
  }, 60_000);
  it("ends once all that was written to stderr is out, too", async () => {
    const text = `console.log("x".repeat(8e6));\nexport default {};\n`;
    const argv = [cli.file, "validate", "-", "--contract", directory.write("talks.mjs", text)];
    const { code, stderr } = await spawnNode(argv);
    expect(code).toBe(2);
    expect(stderr.lastIndexOf("x\n")).toBe(8e6 - 1);
    expect(stderr.slice(8e6)).toContain("export a contract as default");
  }, 60_000);
  it("ends quietly when nobody reads on", async () => {
    const child = spawn(process.execPath, [cli.file, "validate", capture], { stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.destroy();
    let stderr = "";
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    const [code] = (await once(child, "close")) as [number | null];
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  }, 60_000);
  it("says in one line that its output cannot be written, and exits 2", async () => {
    const full = openSync("/dev/full", "w");
    const child = spawn(process.execPath, [cli.file, "--help"], { stdio: ["ignore", full, "pipe"] });
    closeSync(full);
    const [stderr, [code]] = await Promise.all([
      text(child.stderr as Readable),
      once(child, "close") as Promise<[number | null]>,
    ]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: "gestaloka-events: stdout: no space is left (docs/errors.md#misuse)\n",
    });
  }, 60_000);
  it("ends a tail when nobody reads on", async () => {
    const harbour = await openHarbour();
    const argv = [cli.file, "tail", harbour.url, "--contract", "test/fixtures/contract.ts"];
    const env = { ...process.env, GESTALOKA_TOKEN: "ada" };
    const child = spawn(process.execPath, argv, { stdio: ["ignore", "pipe", "ignore"], env });
    child.stdout.destroy();
    try {
      expect(await once(child, "close")).toEqual([0, null]);
    } finally {
      child.kill();
      await harbour.close();
    }
  }, 60_000);
  it.each(["SIGINT", "SIGTERM"] as const)(
    "ends a tail with its summary at %s",
    async (signal) => {
      const harbour = await openHarbour();
      const argv = [cli.file, "tail", harbour.url, "--contract", "test/fixtures/contract.ts"];
      const env = { ...process.env, GESTALOKA_TOKEN: "ada" };
      const child = spawn(process.execPath, argv, { stdio: ["ignore", "ignore", "pipe"], env });
      let stderr = "";
      child.stderr.on("data", (chunk: Buffer) => {
        stderr += chunk.toString();
        if (stderr.endsWith("announced server\n")) child.kill(signal);
      });
      try {
        expect(await once(child, "close")).toEqual([0, null]);
        expect(stderr).toMatch(/^\d events?, 0 invalid$/m);
      } finally {
        child.kill();
        await harbour.close();
      }
    },
    20_000,
  );
  it("ends a tail that waits for a server's answer at the first interrupt", async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const argv = [cli.file, "tail", `http://127.0.0.1:${(silent.address() as AddressInfo).port}`];
    const child = spawn(process.execPath, argv, { stdio: "ignore" });
    try {
      const [asked] = (await once(silent, "connection")) as [Socket];
      child.kill("SIGINT");
      expect(await once(child, "close")).toEqual([2, null]);
      asked.destroy();
    } finally {
      child.kill();
      silent.close();
    }
  }, 20_000);
  it("ends a play that finds no server", async () => {
    const argv = [cli.file, "play", "http://127.0.0.1:1", "examples/scenarios/sp.yaml"];
    const { code, stderr } = await spawnNode(argv, { env: { ALICE: "alice" } });
    expect(stderr).toContain("not connected: connection_failed");
    expect(code).toBe(2);
  }, 60_000);
});

describe("the CLI without its optional peers", () => {
  it("judges recordings, and says by name what a command that connects needs", async () => {
    const alone = await bundleCliAlone();
    try {
      expect((await spawnNode([alone.file, "validate", capture])).code).toBe(0);
      expect((await spawnNode([alone.file, "--help"])).stdout).toContain("tail <url>");
      for (const argv of [["tail"], ["doctor"], ["play"]].map((name) => [...name, "http://127.0.0.1:1"])) {
        if (argv[0] === "play") argv.push("examples/scenarios/sp.yaml");
        const { code, stderr } = await spawnNode([alone.file, ...argv], { env: { ALICE: "alice" } });
        expect(stderr).toContain("this needs socket.io-client, which is not installed: npm install socket.io-client");
        expect(code).toBe(2);
      }
    } finally {
      alone.remove();
    }
  }, 60_000);
});

describe("the memory of the CLI", () => {
  // Says at its end, on stderr, what the process held at most, in KiB.
  const meter = `data:text/javascript,${encodeURIComponent('process.on("exit", () => process._rawDebug("maxrss " + process.resourceUsage().maxRSS))')}`;
  const MEGABYTE = 1e6;

  function large(name: string, head: string, between: string, tail: string): string {
    const file = directory.write(name, head);
    const lines = readFileSync(capture, "utf8").trim().split("\n");
    // Many messages a write, and the events whose payloads are largest: the same bytes in fewer checks.
    const block = Buffer.from(
      Array(200)
        .fill(lines.filter((line) => line.length > 400).join(between))
        .join(between),
    );
    const handle = openSync(file, "a");
    let written = writeSync(handle, block);
    while (written < 200 * MEGABYTE) written += writeSync(handle, between) + writeSync(handle, block);
    writeSync(handle, tail);
    closeSync(handle);
    return file;
  }

  it.each([
    ["NDJSON", "large.ndjson", "", "\n", "\n"],
    ["one JSON array on one line", "large.json", "[", ",", "]"],
  ])(
    "stays under 150 MB for 200 MB of %s",
    async (_, name, head, between, tail) => {
      const file = large(name, head, between, tail);
      const { code, stdout, stderr } = await spawnNode([cli.file, "validate", file], {
        nodeOptions: `--import=${meter}`,
      });
      expect(code).toBe(0);
      const [, messages] = /([\d,]+) messages in 1 file/.exec(stdout) ?? [];
      expect(Number(messages?.replaceAll(",", ""))).toBeGreaterThan(200_000);
      const [, kibibytes] = /maxrss (\d+)/.exec(stderr) ?? [];
      expect(Number(kibibytes) * 1024).toBeGreaterThan(20 * MEGABYTE);
      expect(Number(kibibytes) * 1024).toBeLessThan(150 * MEGABYTE);
    },
    120_000,
  );
});
