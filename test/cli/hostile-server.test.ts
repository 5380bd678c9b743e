import { beforeEach, describe, expect, it } from "vitest";
import { ScriptedServer } from "../support/scripted-server.js";
import { temporaryDirectory } from "../support/temporary-directory.js";
import { runCli } from "./cli-run.js";

const steering = "\u001b]0;title\u0007";
const shown = "\\u{1b}]0;title\\u{7}";
const own = ["--contract", "test/fixtures/contract.ts"];

const directory = temporaryDirectory();
let server: ScriptedServer;
beforeEach(async () => {
  server = await ScriptedServer.start();
});

describe("a server's words steer no terminal", () => {
  const epoch = "AAAAAAAAAAA";

  it("in what doctor finds", async () => {
    const limits = { payload_bytes: steering, answer_ms: 1 };
    server.hello = { limits, rooms: [{ room: steering, epoch, seq: 0, recovered: false, reason: steering }] };
    server.io.on("connection", (socket) => socket.on("$heads", (_body, answer) => answer({})));
    const { stdout } = await runCli(["doctor", server.url, "--timeout", "1", ...own], {
      env: { GESTALOKA_TOKEN: "a" },
    });
    expect(stdout).toContain(`frames up to ${shown} bytes`);
    expect(stdout).toContain(`${shown} was not recovered: ${shown}`);
    expect(stdout).not.toContain("\u001b");
  }, 60_000);

  it("in what tail tells of the connection", async () => {
    server.hello = { rooms: [{ room: steering, epoch, seq: 0, recovered: true }] };
    server.io.on("connection", (socket) => {
      socket.emit("$left", { room: steering, code: steering });
      socket.emit("$bye", { code: steering });
      socket.disconnect();
    });
    const { stderr } = await runCli(["tail", server.url, ...own], { env: { GESTALOKA_TOKEN: "a" } });
    expect(stderr).toContain(`put out of ${shown}: ${shown}\n`);
    expect(stderr).not.toContain("\u001b");
  });

  it("in the JSON of tail, which says them whole", async () => {
    // Terminals take some of these alone for the begin of a command.
    const words = `${steering}\u009b31m\u202e\u{e0001}`;
    server.hello = {};
    server.io.on("connection", (socket) => void socket.emit(words, {}));
    const { stdout } = await runCli(["tail", server.url, "--json", "--count", "1", ...own], {
      env: { GESTALOKA_TOKEN: "a" },
    });
    expect(JSON.parse(stdout)).toMatchObject({ event: words });
    expect(stdout).toMatch(/^[\x20-\x7e]*\n$/);
  });

  it("in the codes of a load that it refused", async () => {
    server.io.on("connection", (socket) => {
      socket.on("load_ship", (_payload, _id, answer) => answer({ ok: false, error: { code: steering } }));
    });
    const payload = { quay_id: "q", ship_id: "s", crates: 1 };
    const load = { players: 1, auth: { token: "a" }, send: "load_ship", payload, rate: 10, seconds: 0.1 };
    const file = directory.write("load.json", JSON.stringify({ load }));
    const { stdout } = await runCli(["play", server.url, file, ...own]);
    expect(stdout).toContain(`refused: ${shown} 1`);
    expect(stdout).not.toContain("\u001b");
  });
});
