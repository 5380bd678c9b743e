import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { temporaryDirectory } from "../support/temporary-directory.js";
import { type CliResult, type CliSurroundings, runCli } from "./cli-run.js";

const captured = readFileSync("test/fixtures/captures/python-server.ndjson", "utf8");
const records = captured
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as { direction: string; event: string; args: [object] });
const rejected = "test/fixtures/captures/python-server-rejected.ndjson";

const directory = temporaryDirectory();
const validate = (argv: readonly string[], surroundings: CliSurroundings = {}) =>
  runCli(["validate", ...argv], { cwd: directory.path, ...surroundings });
const fromStdin = (content: string | readonly object[], ...argv: string[]) =>
  validate(["-", ...argv], {
    stdin: typeof content === "string" ? content : content.map((record) => JSON.stringify(record)).join("\n"),
  });
const lastLine = ({ stdout }: CliResult) => stdout.trimEnd().split("\n").at(-1);
const counts = (result: CliResult) => `${result.code}: ${lastLine(result)?.replace(/^.*?: /, "")}`;

interface JsonProblem {
  readonly file: string;
  readonly line: number;
  readonly event: string | null;
  readonly direction: string | null;
  readonly code: string;
  readonly path: string;
  readonly count: number;
  readonly places: readonly object[];
}
interface JsonDocument {
  readonly ok: boolean;
  readonly valid: number;
  readonly invalid: number;
  readonly skipped: number;
  readonly problems: readonly JsonProblem[];
  readonly files: readonly object[];
  readonly events: readonly object[];
}
const asJson = ({ stdout }: CliResult) => JSON.parse(stdout) as JsonDocument;
const problems = (result: CliResult) =>
  asJson(result).problems.map(({ line, event, direction, code, path }) =>
    [line, event, direction, code, path].join(" "),
  );

const secret = "s3cr3t";
const chat = { user_id: "u", message: "hello", timestamp: "2026-11-24T05:30:19Z" };
const chatCommand = { game_session_id: "g", message: "hello" };

describe("validate on what the Python server sent", () => {
  it("accepts every captured frame as a reader", async () => {
    const result = await runCli(["validate", "test/fixtures/captures/python-server.ndjson"]);
    expect(counts(result)).toBe("0: 38 valid, 0 invalid");
    expect(lastLine(result)).toBe("38 messages in 1 file as reader of gestaloka@1.0.0: 38 valid, 0 invalid");
    expect(result.stdout).toMatch(/^chat_message +server → client +1 +0$/m);
    expect(result.stdout).toMatch(/^chat_message +client → server +1 +0$/m);
  });
  it("names what is missing in the rejected ones, with file, line, event, direction and path", async () => {
    const result = await runCli(["validate", rejected]);
    expect(result.code).toBe(1);
    expect(result.stdout).toContain(
      `${rejected}:1 join_game (client → server) payload.game_session_id: expected string`,
    );
    expect(result.stdout).toContain(`${rejected}:2 game_action (client → server) payload.action: expected string`);
    expect(result.stdout).not.toContain("session-1");
  });
});

describe("validate tells formats apart", () => {
  const frames = records.map(({ event, args }) => `42${JSON.stringify([event, ...args])}`);
  const har = (messages: readonly object[]) =>
    JSON.stringify({ log: { entries: [{ _webSocketMessages: messages, request: { url: "wss://x" } }] } }, null, 2);
  const harMessages = records.map(({ direction, event, args }) => ({
    type: direction === "server_to_client" ? "receive" : "send",
    time: 1,
    opcode: 1,
    data: `42${JSON.stringify([event, ...args])}`,
  }));

  it("reads NDJSON with a byte order mark, CRLF, blank lines and no last line end", async () => {
    const windows = `\ufeff${captured.trimEnd().replaceAll("\n", "\r\n\r\n")}`;
    expect(counts(await fromStdin(windows))).toBe("0: 38 valid, 0 invalid");
  });
  it("reads a JSON array of records, compact or pretty", async () => {
    expect(counts(await fromStdin(JSON.stringify(records)))).toBe("0: 38 valid, 0 invalid");
    expect(counts(await fromStdin(JSON.stringify(records, null, 2)))).toBe("0: 38 valid, 0 invalid");
    expect(counts(await fromStdin(`\n${JSON.stringify(records, null, "\t").replaceAll("\n", "\r\n")}\n`))).toBe(
      "0: 38 valid, 0 invalid",
    );
  });
  it("reads one pretty record", async () => {
    expect(counts(await fromStdin(JSON.stringify(records[0], null, 2)))).toBe("0: 1 valid, 0 invalid");
  });
  it("reads records with payload or data and without a direction", async () => {
    const named = records.filter(
      ({ direction, event }) => !(event === "chat_message" && direction === "client_to_server"),
    );
    expect(counts(await fromStdin(named.map(({ event, args: [payload] }) => ({ event, payload }))))).toBe(
      "0: 37 valid, 0 invalid",
    );
    expect(counts(await fromStdin(named.map(({ event, args: [data] }) => ({ event, data }))))).toBe(
      "0: 37 valid, 0 invalid",
    );
  });
  it("reads raw frames among control frames, in any namespace", async () => {
    const noise = ['0{"sid":"x","upgrades":[]}', "40", '40{"sid":"y"}', "2", "3", "430[]", "41"];
    const server = frames.filter((_, at) => records[at]?.direction === "server_to_client");
    const result = await fromStdin([...noise, ...server.map((frame) => frame.replace("42", "42/play,"))].join("\n"));
    expect(counts(result)).toBe("0: 33 valid, 0 invalid; 7 frames without an event skipped");
  });
  it("mixes records and frames line by line", async () => {
    expect(
      counts(await fromStdin(`${JSON.stringify(records[0])}\n${frames[0]}\n[${JSON.stringify(records[0])}]\n"2"\n`)),
    ).toBe("0: 3 valid, 0 invalid; 1 frame without an event skipped");
  });
  it("reads the WebSocket messages of a HAR file, with their directions", async () => {
    directory.write("browser.har", har([{ type: "receive", opcode: 1, data: '0{"sid":"x"}' }, ...harMessages]));
    const result = await validate(["browser.har", "--format", "json"]);
    expect(asJson(result)).toMatchObject({ ok: true, valid: 38, invalid: 0, skipped: 1 });
    const broken = har([...harMessages, { type: "send", opcode: 1, data: '42["join_game",{}]' }]);
    const line = broken.split("\n").findIndex((text) => text.includes('join_game\\",{}]')) - 2;
    expect(problems(await fromStdin(broken, "--format=json"))).toEqual([
      `${line} join_game client_to_server payload_invalid game_session_id`,
    ]);
  });
  it("says nothing against a HAR file without WebSocket messages, unless asked to", async () => {
    directory.write("none.har", har([]));
    expect((await validate(["none.har"])).code).toBe(0);
    expect((await validate(["none.har", "--fail-on-empty"])).code).toBe(1);
  });
  it("reads bare payloads with --event: one pretty, one a line, or a list", async () => {
    const update = records.find(({ event }) => event === "sp_update")?.args[0] as object;
    for (const text of [
      JSON.stringify(update, null, 2),
      `${JSON.stringify(update)}\n${JSON.stringify(update)}`,
      JSON.stringify([update, update], null, 1),
    ])
      expect((await fromStdin(text, "--event", "sp_update")).code).toBe(0);
    const wrong = await fromStdin(
      JSON.stringify({ ...update, current_sp: "1" }, null, 2),
      "--event",
      "sp_update",
      "--format",
      "json",
    );
    expect(problems(wrong)).toEqual(["1 sp_update server_to_client payload_invalid current_sp"]);
    // A payload is not taken for a record, whatever its fields are called.
    expect(
      problems(await fromStdin('{"event":"sp_update","payload":{}}', "--event", "sp_update", "--format", "json")),
    ).toEqual(["1 sp_update server_to_client payload_invalid type"]);
  });
});

describe("validate decides the direction", () => {
  const event = JSON.stringify({ event: "chat_message", payload: chat });
  const command = JSON.stringify({ event: "chat_message", payload: chatCommand });

  it("takes a name that goes both ways for the server's event", async () => {
    expect((await fromStdin(event)).code).toBe(0);
    expect(problems(await fromStdin(command, "--format=json"))[0]).toMatch(
      /^1 chat_message server_to_client payload_invalid /,
    );
  });
  it("lets an envelope or a command id decide before the name", async () => {
    expect((await fromStdin(`421["chat_message",${JSON.stringify(chatCommand)},{"id":"c1"}]`)).code).toBe(0);
    expect((await fromStdin(`42["chat_message",${JSON.stringify(chat)},{"epoch":"e","seq":1,"at":1}]`)).code).toBe(0);
    expect((await fromStdin(`42["chat_message",${JSON.stringify(chatCommand)},{"at":1}]`)).code).toBe(1);
    expect(
      (await fromStdin(`42["$pack",{"epoch":"e","seq":1,"at":1},[["chat_message",${JSON.stringify(chat)}]]]`)).code,
    ).toBe(0);
  });
  it("lets --direction decide before everything", async () => {
    expect((await fromStdin(command, "--direction", "client_to_server")).code).toBe(0);
    expect((await fromStdin(event, "--direction", "client_to_server")).code).toBe(1);
    expect(
      (
        await fromStdin(
          [{ direction: "server_to_client", event: "chat_message", payload: chatCommand }],
          "--direction",
          "client_to_server",
        )
      ).code,
    ).toBe(0);
  });
});

describe("validate judges", () => {
  it("as a reader what a newer server may send, as a writer only what the contract says", async () => {
    const newer = {
      ...records.find(({ event }) => event === "sp_update")?.args[0],
      transaction_type: "new_kind",
      more: 1,
    };
    expect((await fromStdin([{ event: "sp_update", payload: newer }])).code).toBe(0);
    expect((await fromStdin([{ event: "sp_update", payload: newer }], "--as", "writer")).code).toBe(1);
    const exact = { message: "x", sid: "y" };
    expect(
      problems(await fromStdin([{ event: "connected", payload: exact }], "--as", "writer", "--format", "json")),
    ).toEqual(["1 connected server_to_client payload_invalid timestamp"]);
  });
  it("an unknown event, an unknown variant and a line that is no JSON as invalid", async () => {
    const lines = [
      '{"event":"sp_updaet","payload":{}}',
      "not JSON",
      '{"event":"sp_update","payload":{"current_sp":NaN}}',
      '42["nothing",{}]',
      '{"event":"notification","payload":{"type":"other"}}',
      "{}",
      '42["sp_update"]',
    ];
    const result = await fromStdin(lines.join("\n"), "--format", "json");
    expect(result.code).toBe(1);
    expect(problems(result)).toEqual([
      "1 sp_updaet  unknown_event ",
      "2   not_a_message ",
      "4 nothing  unknown_event ",
      "5 notification server_to_client unknown_event type",
      "6   not_a_message ",
      "7 sp_update server_to_client payload_invalid ",
    ]);
    expect(asJson(result).problems[1]).toMatchObject({ count: 2, places: [{ line: 2 }, { line: 3 }] });
  });
  it("a file without a message as it is told to", async () => {
    directory.write("empty.ndjson", "\n\n");
    directory.write("control.txt", "2\n3\n");
    expect(await validate(["empty.ndjson"])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("empty.ndjson: no message in it") as string,
    });
    expect((await validate(["empty.ndjson", "--fail-on-empty"])).code).toBe(1);
    expect((await validate(["--fail-on-empty", "control.txt"])).code).toBe(1);
    expect((await fromStdin("", "--fail-on-empty")).code).toBe(1);
  });
});

describe("validate reports", () => {
  const many = Array.from({ length: 12 }, () => ({ event: "join_game", payload: { user_id: secret } }));

  it("groups repeats, naming the first lines", async () => {
    const { stdout } = await fromStdin(many);
    expect(stdout.match(/game_session_id/g)).toHaveLength(1);
    expect(stdout).toContain("<stdin>:1 join_game (client → server) payload.game_session_id: expected");
    expect(stdout).toContain("  also lines 2, 3, 4, 5 and 7 more");
  });
  it("names the element of an array on one line", async () => {
    expect((await fromStdin(JSON.stringify([records[0], many[0]]))).stdout).toContain("<stdin>:1 (item 2) join_game");
  });
  it("annotates a GitHub workflow, on one line each", async () => {
    directory.write(
      "a,b%\n.ndjson",
      `${many.map((record) => JSON.stringify(record)).join("\n")}\n42["x%0A::error::y",{}]`,
    );
    const { code, stdout } = await validate(["a,b%\n.ndjson", "missing.ndjson", "--format", "github"]);
    expect(code).toBe(2);
    const [first, second, third, summary] = stdout.split("\n");
    expect(first).toMatch(
      /^::error file=a%2Cb%25%0A\.ndjson,line=1,title=join_game \(client → server\)::payload\.game_session_id: expected .* \(also lines 2, 3, 4, 5 and 7 more\)$/,
    );
    expect(second).toBe(
      "::error file=a%2Cb%25%0A.ndjson,line=13,title=x%250A%3A%3Aerror%3A%3Ay (no direction)::expected an event or command of gestaloka@1.0.0, got unknown name",
    );
    expect(third).toBe("::error file=missing.ndjson::cannot be read: there is no such file");
    expect(summary).toMatch(/^13 messages in 1 file /);
  });
  it("writes JUnit XML that counts its cases", async () => {
    directory.write(
      "<a>&.ndjson",
      `${JSON.stringify(records[0])}\n${JSON.stringify(many[0])}\n{"event":"\\"<b>\\u0000","payload":1}\nno JSON`,
    );
    directory.write("blank.ndjson", "");
    const { stdout } = await validate([
      "<a>&.ndjson",
      "blank.ndjson",
      "missing.ndjson",
      "--fail-on-empty",
      "--format",
      "junit",
    ]);
    expect(stdout).toMatch(
      /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites name="gestaloka-events validate" tests="6" failures="4" errors="1">\n/,
    );
    expect(stdout.match(/<testcase /g)).toHaveLength(6);
    expect(stdout.match(/<failure /g)).toHaveLength(4);
    expect(stdout.match(/<error /g)).toHaveLength(1);
    expect(stdout).toContain('<testsuite name="&lt;a&gt;&amp;.ndjson" tests="4" failures="3" errors="0">');
    expect(stdout).toContain('name="&quot;&lt;b&gt;\\u{0} (no direction)"');
    // Well formed: every tag is closed in its order, and no bare ampersand is left.
    const open: string[] = [];
    for (const [, closing, name, empty] of stdout.matchAll(/<(\/)?(\w+)[^>]*?(\/)?>/g)) {
      if (closing) expect(open.pop()).toBe(name);
      else if (!empty) open.push(name as string);
    }
    expect(open).toEqual([]);
    expect(stdout.replace(/&(?:amp|lt|gt|quot);/g, "")).not.toContain("&");
  });
  it("writes one JSON object", async () => {
    const document = asJson(await fromStdin(many, "--format", "json"));
    expect(document).toMatchObject({
      ok: false,
      contract: "gestaloka@1.0.0",
      as: "reader",
      messages: 12,
      valid: 0,
      invalid: 12,
      files: [{ file: "<stdin>", valid: 0, invalid: 12, skipped: 0, empty: false }],
      events: [{ event: "join_game", direction: "client_to_server", valid: 0, invalid: 12 }],
      problems: [{ file: "<stdin>", line: 1, event: "join_game", path: "game_session_id", got: "missing", count: 12 }],
    });
  });
  it("prints no value of a payload in any format", async () => {
    const hostile = [
      { event: "sp_update", payload: { type: secret, current_sp: secret, metadata: [secret] } },
      { event: "notification", payload: { type: secret } },
      { event: "game_action", payload: secret },
      { event: "chat_message", args: [secret, secret] },
      { direction: secret, event: "chat_message", payload: {} },
      { event: "state_update", payload: { type: "state_update", update: { a: secret }, timestamp: secret } },
    ].map((record) => JSON.stringify(record));
    const text = [
      ...hostile,
      secret,
      `{"event":"sp_update","payload":"${secret}`,
      `42["sp_update","${secret}"`,
      `42["sp_update",{},"${secret}"]`,
    ].join("\n");
    for (const format of ["text", "json", "junit", "github"])
      for (const as of ["reader", "writer"]) {
        const result = await fromStdin(text, "--format", format, "--as", as);
        expect(result.code).toBe(1);
        expect(result.stdout + result.stderr).not.toContain(secret);
      }
  });
  it("colours on a terminal only, and not where NO_COLOR asks for none", async () => {
    const colored = "\u001b[";
    expect((await runCli(["validate", rejected])).stdout).not.toContain(colored);
    expect((await runCli(["validate", rejected], { tty: true })).stdout).toContain(colored);
    expect((await runCli(["validate", rejected], { tty: true, env: { NO_COLOR: "1" } })).stdout).not.toContain(colored);
    expect((await runCli(["validate", rejected, "--format", "github"], { tty: true })).stdout).not.toContain(colored);
  });
});
