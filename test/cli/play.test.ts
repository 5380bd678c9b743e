import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { contract, rooms } from "@gestaloka/events";
import { createEventClient } from "@gestaloka/events/client";
import { connected, expectEvent } from "@gestaloka/events/testing";
import { Server } from "socket.io";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DemoServer, startGameServer } from "../../examples/demo/game-server.js";
import { asMisuse } from "../../src/cli/live/client-module.js";
import { Histogram } from "../../src/cli/play/histogram.js";
import { freePort } from "../support/free-port.js";
import { type Harbour, openHarbour } from "../support/harbour-server.js";
import { temporaryDirectory } from "../support/temporary-directory.js";
import { runCli } from "./cli-run.js";

const directory = temporaryDirectory();
let game: DemoServer;
beforeAll(async () => {
  game = await startGameServer(0);
});
afterAll(() => game.close());

const play = (file: string, users: Record<string, string> = {}) =>
  runCli(["play", game.url, file], {
    env: Object.fromEntries(Object.entries(users).map(([name, user]) => [name, game.login(user)])),
  });

/** Plays a scenario on a server of the tests' own contract. */
function playOn({ url }: Harbour, name: string, scenario: object) {
  const file = directory.write(name, JSON.stringify(scenario));
  return runCli(["play", url, file, "--contract", "test/fixtures/contract.ts"]);
}

describe("play", () => {
  it("plays the demo's SP scenario", async () => {
    const { code, stdout, stderr } = await play("examples/scenarios/sp.yaml", { ALICE: "alice" });
    expect(stderr).toBe("");
    expect(stdout).toMatch(/8 steps, 0 failed\n$/);
    expect(stdout).toMatch(/^✓ alice {3}request POST \/sp\/purchase +\d+ ms$/m);
    expect(code).toBe(0);
  }, 30_000);

  it("plays a game of two players, refusals included", async () => {
    const result = await play("examples/scenarios/game.yaml", { ALICE: "alice", BOB: "bob" });
    expect(result.stdout).toMatch(/13 steps, 0 failed\n$/);
    expect(result.code).toBe(0);
  }, 30_000);

  it("tells of each step that did not go as it should, and exits 1", async () => {
    const steps = [
      { player: "carol", send: "game_action", payload: { game_session_id: "g", action: "run" } },
      { player: "carol", join: "game_g" },
      { player: "carol", send: "chat_message", payload: { game_session_id: "g", message: "a" }, refused: "forbidden" },
      { player: "carol", join: "game_h", refused: "forbidden" },
      { player: "carol", expect: "chat:message", payload: { message: "b" }, within: 0.05 },
      { player: "carol", request: "GET /nowhere", within: 2.01 },
    ];
    const file = directory.write("wrong.json", JSON.stringify({ players: { carol: { token: "{env.CAROL}" } }, steps }));
    const { code, stdout } = await play(file, { CAROL: "carol" });
    expect(stdout.split("\n").map((line) => line.replace(/ +/g, " ").replace(/\d+ ms/, "N ms"))).toEqual([
      "✗ carol send game_action N ms refused: sp_insufficient",
      "✓ carol join game_g N ms",
      "✗ carol send chat_message, to be refused: forbidden N ms applied, where forbidden was expected",
      "✗ carol join game_h, to be refused: forbidden N ms applied, where forbidden was expected",
      '✗ carol expect chat:message N ms did not come within 0.05 s; the last had {"message":"a"}',
      "✗ carol request GET /nowhere N ms answered 404",
      "6 steps, 5 failed",
      "",
    ]);
    expect(code).toBe(1);
  }, 30_000);

  it("takes an object that is expected in whatever order its keys are", async () => {
    const harbour = await openHarbour();
    harbour.server.handle("load_ship", async ({ quay_id, ship_id }) => {
      const manifest = { captain: "Ada", holds: [1, 2] };
      await harbour.server.to
        .quay(quay_id)
        .emit("ship_loaded", { ship_id, cargo: "tea", crates: 1, added: 1, manifest });
      return { on_board: 1 };
    });
    const steps = [
      { player: "ada", join: "quay_q" },
      { player: "ada", send: "load_ship", payload: { quay_id: "q", ship_id: "s", crates: 1 } },
      { player: "ada", expect: "ship:loaded", payload: { manifest: { holds: [2, 1], captain: "Ada" } }, within: 0.05 },
      { player: "ada", expect: "ship:loaded", payload: { manifest: { holds: [1, 2], captain: "Ada" } } },
    ];
    const played = await playOn(harbour, "order.json", { players: { ada: { token: "ada" } }, steps });
    await harbour.close();
    expect(played.stdout.match(/^. \w+ +\w+/gm)).toEqual([
      "✓ ada     join",
      "✓ ada     send",
      "✗ ada     expect",
      "✓ ada     expect",
    ]);
  }, 30_000);

  it("waits for no event that the contract lacks, and gives the app-side name of one", async () => {
    for (const [name, advice] of [
      ["sp_update", "write sp:update"],
      ["sp:updated", "gestaloka has no event of this app-side name"],
    ]) {
      const steps = [{ player: "ada", expect: name }];
      const file = directory.write("lacks.json", JSON.stringify({ players: { ada: {} }, steps }));
      const { code, stderr } = await play(file);
      expect(stderr).toContain(`lacks.json: steps[0].expect: ${name}: ${advice}`);
      expect(code).toBe(2);
    }
  });

  it("tells of a room and a request that no server answers, and does not wait for them", async () => {
    const http = createServer(() => {});
    const io = new Server(http);
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    const gone = `http://127.0.0.1:${await freePort()}/`;
    const steps = [
      { player: "carol", join: "game_g", within: 0.05 },
      { player: "carol", request: "GET /nowhere", within: 0.05 },
      { player: "carol", request: `GET ${gone}` },
    ];
    const file = directory.write("silent.json", JSON.stringify({ players: { carol: {} }, steps }));
    const { code, stdout, stderr } = await runCli(["play", url, file]);
    await io.close();
    expect(stderr).toBe("");
    expect(stdout.split("\n").map((line) => line.replace(/ +/g, " ").replace(/\d+ ms/, "N ms"))).toEqual([
      "✗ carol join game_g N ms not answered within 0.05 s",
      "✗ carol request GET /nowhere N ms not answered within 0.05 s",
      `✗ carol request GET ${gone} N ms not answered: ECONNREFUSED`,
      "3 steps, 3 failed",
      "",
    ]);
    expect(code).toBe(1);
  }, 30_000);

  it("does not show the credential of a request that cannot be made", async () => {
    const http = createServer();
    const io = new Server(http);
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    const steps = [{ player: "carol", request: "GET /" }];
    const players = { carol: { token: "secret\rsecret" } };
    const file = directory.write("wrapped.json", JSON.stringify({ players, steps }));
    const { code, stdout } = await runCli(["play", url, file]);
    await io.close();
    expect(stdout).toMatch(/ms {2}cannot be asked: write METHOD \/path, with a token that a header may hold\n/);
    expect(stdout).not.toContain("secret");
    expect(code).toBe(1);
  });

  it("ends once the server has put out for good one who acts, and not who has no more to do", async () => {
    const harbour = await openHarbour();
    harbour.server.handle("load_ship", async () => {
      await harbour.server.disconnectUser("bob");
      return { on_board: 1 };
    });
    const loaded = { send: "load_ship", payload: { quay_id: "q", ship_id: "s", crates: 1 } };
    const steps = [
      { player: "bob", join: "quay_q" },
      { player: "ada", join: "quay_q" },
      { player: "ada", ...loaded },
      { player: "ada", ...loaded },
      { player: "bob", ...loaded },
      { player: "ada", ...loaded },
    ];
    const players = { ada: { token: "ada" }, bob: { token: "bob" } };
    const played = await playOn(harbour, "put-out.json", { players, steps });
    await harbour.close();
    expect(played.stdout.match(/^. \w+ +\w+/gm)).toEqual([
      "✓ bob     join",
      "✓ ada     join",
      "✓ ada     send",
      "✓ ada     send",
    ]);
    expect(played.stderr).toMatch(/^gestaloka-events: not connected: revoked/);
    expect(played.code).toBe(2);
  }, 60_000);

  it("takes the answer that a player was given just before it was put out for good", async () => {
    const harbour = await openHarbour();
    harbour.server.handle("load_ship", () => {
      setImmediate(() => void harbour.server.disconnectUser("ada"));
      return { on_board: 1 };
    });
    const step = { player: "ada", send: "load_ship", payload: { quay_id: "q", ship_id: "s", crates: 1 } };
    const scenario = { players: { ada: { token: "ada" } }, steps: [{ player: "ada", join: "quay_q" }, step] };
    const played = await playOn(harbour, "answered.json", scenario);
    await harbour.close();
    expect(played.stderr).toBe("");
    expect(played.stdout).toMatch(/2 steps, 0 failed\n$/);
  }, 60_000);

  it("waits for the answer to what is sent no longer than a step says", async () => {
    const harbour = await openHarbour();
    let answer = () => {};
    const asked = new Promise<void>((resolve) => {
      answer = resolve;
    });
    harbour.server.handle("load_ship", () => asked.then(() => ({ on_board: 1 })));
    const loaded = { player: "ada", send: "load_ship", payload: { quay_id: "q", ship_id: "s", crates: 1 } };
    const steps = [
      { player: "ada", join: "quay_q" },
      { ...loaded, within: 0.05 },
    ];
    const played = await playOn(harbour, "late.json", { players: { ada: { token: "ada" } }, steps });
    answer();
    await harbour.close();
    expect(played.stdout).toMatch(/send load_ship.* not answered within 0\.05 s\n2 steps, 1 failed\n$/);
    expect(played.code).toBe(1);
  }, 30_000);

  it("ends a load whose player the server has put out for good", async () => {
    const harbour = await openHarbour();
    harbour.server.handle("load_ship", async () => {
      await harbour.server.disconnectUser("player-1");
      return { on_board: 1 };
    });
    const payload = { quay_id: "q", ship_id: "s", crates: 1 };
    const auth = { token: "{player}" };
    const load = { players: 2, auth, join: "quay_q", send: "load_ship", payload, rate: 20, seconds: 1 };
    const played = await playOn(harbour, "load-put-out.json", { load });
    await harbour.close();
    expect(played.stderr).toMatch(/^gestaloka-events: not connected: revoked/);
    expect(played.code).toBe(2);
  }, 30_000);

  it("names the variable that a scenario asks for and nobody set", async () => {
    const { code, stderr } = await play("examples/scenarios/game.yaml", { ALICE: "alice" });
    expect(stderr).toContain("{env.BOB}: the environment has no BOB (docs/errors.md#misuse)\n");
    expect(code).toBe(2);
  });

  it("puts a load on a server, with a bar on a terminal and histograms", async () => {
    const load = {
      players: 5,
      auth: { token: "{env.ALICE}" },
      join: "game_load",
      send: "chat_message",
      payload: { game_session_id: "load", message: "{player}" },
      rate: 100,
      seconds: 0.5,
    };
    const file = directory.write("load.json", JSON.stringify({ load }));
    const { code, stdout, stderr } = await runCli(["play", game.url, file], {
      env: { ALICE: game.login("alice") },
      tty: true,
    });
    expect(stdout).toMatch(/^5 players, 50 commands in \d\.\d s \(\d+\/s\): 50 applied$/m);
    expect(stdout).toMatch(/^send to answer: p50 [\d.]+ ms, p95 [\d.]+ ms, p99 [\d.]+ ms, longest [\d.]+ ms$/m);
    expect(stdout).toMatch(/^emit to handler, \d+ events: p50/m);
    expect(stdout).toMatch(/^ +≤ \d+ ms {2}█+ +\d+$/m);
    expect(stderr).toContain("[██████████████████████████████] 100 %");
    expect(code).toBe(0);
  }, 30_000);

  it("says of a load which room its players were refused", async () => {
    const load = {
      players: 2,
      auth: { token: "{env.ALICE}" },
      join: "nowhere_{n}",
      send: "ping",
      payload: {},
      rate: 1,
    };
    const file = directory.write("refused.json", JSON.stringify({ load: { ...load, seconds: 1 } }));
    const { code, stderr } = await play(file, { ALICE: "alice" });
    expect(stderr).toMatch(/^gestaloka-events: load\.join nowhere_\d: room_invalid \(docs\/errors\.md#misuse\)\n/);
    expect(code).toBe(2);
  });

  it("plays a recorded file's commands again, as whoever the credential says", async () => {
    const bob = createEventClient(game.url, { contract, auth: { token: game.login("bob") } });
    await connected(bob);
    await bob.join(rooms.game("again"));
    const heard = expectEvent(bob, "chat:message", { withinMs: 10_000 });
    const lines = [
      { direction: "client_to_server", event: "join_game", args: [{ game_session_id: "again", user_id: "someone" }] },
      { direction: "server_to_client", event: "joined_game", args: [{ game_session_id: "again" }] },
      { direction: "client_to_server", event: "chat_message", args: [{ game_session_id: "again", message: "hello" }] },
      { event: "leave_game", payload: { game_session_id: "again", user_id: "someone" } },
    ];
    const file = directory.write("recorded.ndjson", lines.map((line) => JSON.stringify(line)).join("\n"));
    const { code, stdout } = await runCli(["play", game.url, file], {
      env: { GESTALOKA_TOKEN: game.login("alice") },
    });
    expect(stdout).toMatch(/join game_again.*\n.*send chat_message.*\n.*leave game_again.*\n3 steps, 0 failed\n$/);
    expect(code).toBe(0);
    expect(await heard).toMatchObject({ user_id: "alice", message: "hello" });
    bob.close();
  }, 30_000);

  it("plays a recorded command without a payload as what it is: one that is refused", async () => {
    const file = directory.write(
      "bare.ndjson",
      '42["ping"]\n42["join_game",{}]\n{"direction":"client_to_server","event":"chat_message","args":[null]}',
    );
    const { code, stdout } = await runCli(["play", game.url, file], { env: { GESTALOKA_TOKEN: game.login("alice") } });
    expect(stdout).toMatch(
      /send ping.*refused: payload_invalid\n.*send join_game.*refused: command_invalid\n.*send chat_message.*refused: payload_invalid\n3 steps, 3 failed/,
    );
    expect(code).toBe(1);
  }, 30_000);

  it("plays a recorded command that the contract lacks as what it is: one that is refused", async () => {
    const file = directory.write("misspelt.ndjson", '42["pingg",{}]\n42["ping",{"timestamp":"2026-11-24T05:30:19Z"}]');
    const { code, stdout } = await runCli(["play", game.url, file], { env: { GESTALOKA_TOKEN: game.login("alice") } });
    expect(stdout).toMatch(/send pingg.*refused: unknown_command\n.*send ping.*\n2 steps, 1 failed\n$/);
    expect(code).toBe(1);
  }, 30_000);

  it("plays no recorded file of which it cannot read a line", async () => {
    const file = directory.write("cut.ndjson", '42["ping",{"timestamp":"2026-11-24T05:30:19Z"}]\n42["pi');
    const { code, stdout, stderr } = await play(file);
    expect(stdout).toBe("");
    expect(stderr).toContain("/cut.ndjson:2: expected a Socket.IO frame, got a frame whose data is no JSON");
    expect(code).toBe(2);
  });

  it.each([
    ["{}", "a scenario has steps, a load, or both"],
    ["players: { bob: {} }\nsteps: []", "a scenario has steps, a load, or both"],
    ["steps: 3", "steps: write a list"],
    ["stages: []", "stages: a scenario has players, steps and load"],
    ["steps: [{ player: bob, join: game_1 }]", "steps[0]: player must be one of"],
    ["players: { bob: {} }\nsteps: [{ player: bob, jump: high }]", "steps[0]: write player, one of join, leave"],
    [
      "players: { bob: {} }\nsteps: [{ player: bob, expect: a, refused: forbidden }]",
      "steps[0].refused: it goes with join and send",
    ],
    [
      "players: { bob: {} }\nsteps: [{ player: bob, request: POST /sp, payload: { amount: 1 } }]",
      "steps[0].payload: it goes with send and expect",
    ],
    ["players: { bob: {} }\nsteps: [{ player: bob, join: game_1, expect: 1 }]", "steps[0]: write player, one of join"],
    [
      "load: { players: 1, auth: {}, send: ping, payload: {}, rate: 0.1, seconds: 1 }",
      "load: its rate and seconds come to no command",
    ],
    ["load: { players: none }", "load.players: write a number above 0"],
    ["load: { players: 1.5, rate: 1, seconds: 1 }", "load.players: write a whole number"],
    ["load: { players: 1, jion: game_1 }", "load.jion: a load has auth, payload, players, join, "],
    ["players: [", "Flow sequence"],
    ["", "a scenario has players, steps and load"],
  ])("refuses the scenario %j and says where it is wrong", async (text, words) => {
    const { code, stderr } = await play(directory.write("wrong.yaml", text));
    expect(stderr).toContain(`/wrong.yaml: ${words}`);
    expect(code).toBe(2);
  });

  it("refuses what is no file, and a recorded file without a command", async () => {
    const pong = '{"event":"pong","payload":{"timestamp":"2026-11-24T05:30:19Z"}}';
    for (const [file, words] of [
      ["nowhere.yaml", "nowhere.yaml: there is no such file (docs/errors.md#misuse)\n"],
      ["test", "test: is a directory; name a file (docs/errors.md#misuse)\n"],
      [
        directory.write("silent.ndjson", pong),
        "/silent.ndjson: no command of gestaloka in it (docs/errors.md#misuse)\n",
      ],
      [directory.write("silent.jsonl", `${pong}\n${pong}`), "/silent.jsonl: no command of gestaloka in it"],
      [directory.write("wide.ndjson", Buffer.from(`\ufeff${pong}`, "utf16le")), "/wide.ndjson: it is UTF-16; save it"],
      [directory.write("wide.yaml", Buffer.from("\ufeffsteps: []", "utf16le")), "/wide.yaml: it is UTF-16; save it"],
    ] as const) {
      const { code, stderr } = await play(file);
      expect(stderr).toContain(words);
      expect(code).toBe(2);
    }
  });

  it("says in its help what a scenario is", async () => {
    const { code, stdout } = await runCli(["play", "--help"]);
    expect(code).toBe(0);
    for (const word of ["within:", "players:", "steps:", "load:", "recorded file", "Exit code"])
      expect(stdout).toContain(word);
  });
});

describe("what the tools stand on", () => {
  it("is told of by name where socket.io-client is not installed", () => {
    const missing = Object.assign(new Error("Cannot find package 'socket.io-client' imported from cli.js"), {
      code: "ERR_MODULE_NOT_FOUND",
    });
    expect(asMisuse(missing)).toMatchObject({
      name: "Misuse",
      message: expect.stringContaining("npm install socket.io-client") as string,
    });
    const other = new Error("else");
    expect(asMisuse(other)).toBe(other);
  });

  it("counts durations in buckets that grow by two", () => {
    const times = new Histogram();
    for (const ms of [0.5, 1, 3, 3.5, 100]) times.add(ms);
    expect(times.lines(4).map((line) => line.trim().replace(/ +/g, " "))).toEqual([
      "≤ 1 ms ████ 2",
      "≤ 4 ms ████ 2",
      "≤ 128 ms ██ 1",
    ]);
    expect([times.percentile(0.5), times.percentile(1)]).toEqual([3, 100]);
  });

  it("counts each of more durations than it keeps, and knows the longest", () => {
    const times = new Histogram();
    for (let i = 0; i < 100_000; i++) times.add(1);
    for (let i = 0; i < 200_000; i++) times.add(400);
    times.add(500);
    expect([times.count, times.longest]).toEqual([300_001, 500]);
    expect(times.lines(2).map((line) => line.trim().replace(/ +/g, " "))).toEqual([
      "≤ 1 ms █ 100,000",
      "≤ 512 ms ██ 200,001",
    ]);
    expect([times.percentile(0.1), times.percentile(0.5)]).toEqual([1, 400]);
  });
});
