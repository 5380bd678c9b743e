import { readFileSync } from "node:fs";
import { join } from "node:path";
import { memoryBackend } from "@gestaloka/events/server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Harbour, openHarbour } from "../support/harbour-server.js";
import { ScriptedServer } from "../support/scripted-server.js";
import { temporaryDirectory } from "../support/temporary-directory.js";
import { type CliSurroundings, runCli } from "./cli-run.js";

const directory = temporaryDirectory();
const contract = ["--contract", "test/fixtures/contract.ts"];
const env = { GESTALOKA_TOKEN: "ada" };
let harbour: Harbour;
beforeAll(async () => {
  harbour = await openHarbour({
    authorize: ({ room }) => (room === "quay_pondered" ? new Promise(() => {}) : room !== "quay_closed"),
  });
});
afterAll(() => harbour.close());

const tail = (argv: readonly string[], surroundings: CliSurroundings = {}) =>
  runCli(["tail", harbour.url, ...contract, ...argv], { env, ...surroundings });
const load = (crates: number) =>
  harbour.server.to.quay("q").emit("ship_loaded", { ship_id: "s1", cargo: "salt", crates, added: 1, manifest: {} });

/** Emits to the quay for as long as somebody is there to see it. */
async function whileThere(run: Promise<unknown>, emit: () => unknown): Promise<void> {
  let running = true;
  void run.finally(() => {
    running = false;
  });
  await expect.poll(() => harbour.server.members("quay_q"), { interval: 5, timeout: 45_000 }).toContain("ada");
  await expect
    .poll(
      async () => {
        if (running) await emit();
        return running;
      },
      { interval: 10, timeout: 15_000 },
    )
    .toBe(false);
}

describe("tail", () => {
  it("joins rooms, writes one checked line an event, and a record that validate reads", async () => {
    const file = join(directory.path, "quay.ndjson");
    const run = tail(["--room", "quay_q", "--event", "ship:loaded", "--count", "3", "--record", file]);
    await whileThere(run, () => load(5));
    const { code, stdout, stderr } = await run;
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split("\n");
    expect(lines).toHaveLength(3);
    for (const line of lines)
      expect(line).toMatch(/^\d\d:\d\d:\d\d\.\d{3} {2}ship_loaded +quay_q #\d+ +\d+ ms {2}\{"ship_id":"s1",.*…$/);
    expect(stderr).toBe(`connected as ada by websocket, announced server\n3 events, 0 invalid, in ${file}\n`);
    const validated = await runCli(["validate", file, ...contract, "--as", "writer", "--fail-on-empty"]);
    expect(validated.stdout).toContain("3 messages in 1 file as writer of harbour@1.0.0: 3 valid, 0 invalid");
  }, 60_000);

  it("keeps what a record holds until there is a connection, and then begins it anew", async () => {
    const file = directory.write("kept.ndjson", "kept\n");
    const nowhere = ["tail", "http://127.0.0.1:1", ...contract, "--record", file];
    expect((await runCli(nowhere, { env })).code).toBe(2);
    expect(readFileSync(file, "utf8")).toBe("kept\n");
    expect((await tail(["--seconds", "0.01", "--event", "ship:loaded", "--record", file])).code).toBe(0);
    expect(readFileSync(file, "utf8")).toBe("");
  }, 60_000);

  it("shows what the contract refuses, records it, and exits 1; validate refuses the record the same", async () => {
    const file = join(directory.path, "wrong.ndjson");
    const run = tail([
      "--room",
      "quay_q",
      "--count",
      "2",
      "--record",
      file,
      "--event",
      "tide_turned",
      "--event",
      "flood",
    ]);
    await whileThere(run, () => {
      // Past the library, as another program on the same Socket.IO server might.
      harbour.io.to("quay_q").emit("tide_turned", { level: "high", timestamp: "2026-11-24T05:30:19Z" });
      harbour.io.to("quay_q").emit("flood", {});
    });
    const { code, stdout, stderr } = await run;
    expect(code).toBe(1);
    expect(stdout).toMatch(/tide_turned .* payload\.level: expected finite number, got string {2}\{"level":"high"/);
    expect(stdout).toMatch(/flood .* unknown_event: not of harbour@1\.0\.0/);
    expect(stderr).toBe(
      [
        "--event flood: no event of harbour@1.0.0; it is shown if one comes all the same",
        "connected as ada by websocket, announced server",
        `2 events, 2 invalid, in ${file}`,
        "",
      ].join("\n"),
    );
    const validated = await runCli(["validate", file, ...contract]);
    expect(validated.code).toBe(1);
    expect(validated.stdout).toContain(
      "tide_turned (server → client) payload.level: expected finite number, got string",
    );
    expect(validated.stdout).toContain("0 valid, 2 invalid");
  }, 60_000);

  it("writes JSON with the latency by the server's clock, and colours on a terminal", async () => {
    const json = tail([
      "--room",
      "quay_q",
      "--only-room",
      "quay_q",
      "--event",
      "ship_loaded",
      "--count",
      "1",
      "--json",
    ]);
    await whileThere(json, () => load(7));
    expect(JSON.parse((await json).stdout)).toMatchObject({
      event: "ship_loaded",
      room: "quay_q",
      seq: expect.any(Number) as number,
      latency_ms: expect.any(Number) as number,
      valid: true,
      payload: { crates: 7, before: 6 },
    });
    const coloured = tail(["--room", "quay_q", "--event", "ship_loaded", "--count", "1"], { tty: true });
    await whileThere(coloured, () => load(8));
    expect((await coloured).stdout).toContain("\u001b[32mship_loaded");
  }, 60_000);

  it("ends once the server refuses it for good, and says why", async () => {
    // Nobody else of these tests, who would be a member for a while yet.
    const run = tail(["--room", "quay_q", "--event", "ship_loaded"], { env: { GESTALOKA_TOKEN: "bob" } });
    await expect.poll(() => harbour.server.members("quay_q"), { interval: 5, timeout: 45_000 }).toContain("bob");
    await harbour.server.disconnectUser("bob");
    expect(await run).toEqual({
      code: 2,
      stdout: "",
      stderr: [
        "connected as bob by websocket, announced server",
        "disconnected: revoked",
        "gestaloka-events: not connected: revoked (docs/errors.md#revoked)",
        "Run gestaloka-events tail --help for what it takes.",
        "",
      ].join("\n"),
    });
  }, 60_000);

  it("tells what came, and exits 2, where its time is over while there is no connection", async () => {
    const server = await ScriptedServer.start();
    const run = runCli(["tail", server.url, ...contract, "--seconds", "2"], { env });
    // What a client asks that is connected.
    await server.next("$heads");
    server.refusal = { code: "backend_unavailable" };
    server.drop();
    expect(await run).toEqual({
      code: 2,
      stdout: "",
      stderr: [
        "connected as ada by websocket, announced server",
        "disconnected: transport close",
        "0 events, 0 invalid",
        "gestaloka-events: stopped while there was no connection (docs/errors.md#misuse)",
        "Run gestaloka-events tail --help for what it takes.",
        "",
      ].join("\n"),
    });
  }, 60_000);

  it("says in one line that its record cannot be written, and exits 2", async () => {
    const run = tail(["--room", "quay_q", "--record", "/dev/full"]);
    await whileThere(run, () => load(5));
    const { code, stderr } = await run;
    expect(stderr).toContain("gestaloka-events: /dev/full: no space is left (docs/errors.md#misuse)\n");
    expect(stderr).not.toContain("    at ");
    expect(code).toBe(2);
  }, 60_000);

  it("stops in time where a room is not let in yet", async () => {
    const { code, stderr } = await tail(["--room", "quay_pondered", "--seconds", "0.2", "--event", "gull_seen"]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/0 events, 0 invalid\n$/);
  });

  it("ends where a server lets it in no further than the door, as without its backend", async () => {
    const evict = () => Promise.reject(new Error("away"));
    const closed = await openHarbour({ backend: Object.assign(memoryBackend(), { evict }) });
    const { code, stderr } = await runCli(["tail", closed.url, ...contract], { env });
    await closed.close();
    expect(stderr).toContain("not connected: backend_unavailable; the server cannot reach its backend");
    expect(code).toBe(2);
  });

  it("takes more seconds than a timer holds for as many as it does", async () => {
    const run = tail(["--seconds", "3000000", "--room", "quay_q", "--event", "ship_loaded", "--count", "2"]);
    await whileThere(run, () => load(5));
    expect((await run).stderr).toMatch(/2 events, 0 invalid\n$/);
  }, 60_000);

  it("stops in time, whatever came", async () => {
    const { code, stderr } = await tail(["--seconds", "0.2", "--event", "gull_seen"]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/0 events, 0 invalid\n$/);
  });

  it("exits 1, and says so, where fewer events came in time than were asked for", async () => {
    const { code, stderr } = await tail(["--seconds", "0.2", "--event", "gull_seen", "--count", "3"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/0 events, fewer than the 3 of --count, 0 invalid\n$/);
  });

  it.each([
    [["nowhere"], {}, "name the server: https://play.example"],
    [["https://play.example:99999"], {}, "name the server: https://play.example"],
    [["http://203.0.113.1:9"], {}, "can be read on its way: write https://, or --allow-insecure"],
    [["http://127.0.0.1:1"], {}, "not connected: connection_failed; is it the server's URL"],
    [["SERVER"], {}, "not connected: unauthenticated; set GESTALOKA_TOKEN"],
    [["SERVER/api"], env, "not connected: refused; a path in the URL is a namespace"],
    [["SERVER"], { GESTALOKA_AUTH: "token" }, "GESTALOKA_AUTH: write a JSON object"],
    [["SERVER", "--room", "sailor_ada"], env, "--room sailor_ada: no room that clients join; they begin with quay_"],
    [["SERVER", "--room", "quay_closed"], env, "--room quay_closed: forbidden"],
    [["SERVER", "--count", "none"], env, "--count: write a number above 0"],
    [["SERVER", "--count", "1.5"], env, "--count: write a whole number above 0"],
    [["SERVER", "--path", "socket.io"], env, "--path: write a path that begins with /"],
    [
      ["SERVER", "--record", "test/nowhere/quay.ndjson"],
      env,
      ": test/nowhere/quay.ndjson: there is no such folder (docs/errors.md#misuse)\n",
    ],
    [["SERVER", "--record", "test"], env, ": test: is a directory; name a file (docs/errors.md#misuse)\n"],
  ])("%j exits 2 and says what to do", async (argv, environment, words) => {
    const given = argv.map((word) => word.replace("SERVER", harbour.url));
    const { code, stderr } = await runCli(["tail", ...given, ...contract], { env: environment });
    expect(stderr).toContain(words);
    expect(stderr).not.toContain("    at ");
    expect(code).toBe(2);
  });

  it("takes GESTALOKA_AUTH where GESTALOKA_TOKEN is set, too", async () => {
    const both = { GESTALOKA_TOKEN: "", GESTALOKA_AUTH: '{"token":"ada"}' };
    const { stderr } = await tail(["--count", "1"], { env: both });
    expect(stderr).toContain("connected as ada by");
  });

  it("says in its help where the credential comes from", async () => {
    const { code, stdout } = await runCli(["tail", "--help"]);
    expect(code).toBe(0);
    for (const word of ["GESTALOKA_TOKEN", "--room", "--record", "--json", "--contract", "Exit code"])
      expect(stdout).toContain(word);
  });
});
