import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { compileContract } from "../../src/compile/compile-contract.js";
import type { SourceContract } from "../../src/contract/define-contract.js";
import { contract as harbour } from "../fixtures/contract.js";
import { temporaryDirectory } from "../support/temporary-directory.js";
import { Editor } from "./editor.js";
import { installTypes } from "./installed-types.js";
import { ours, ownMistakes, type Sample, socketIo, zodSockets } from "./mistakes.js";

const root = resolve(import.meta.dirname, "../..");

const folder = temporaryDirectory(join(root, "node_modules/.cache")).path;
beforeAll(() => {
  installTypes(folder);
  cpSync(join(root, "test/fixtures/contract.ts"), join(folder, "source.ts"));
  for (const { path, text } of compileContract(harbour as unknown as SourceContract).files)
    writeFileSync(join(folder, path), text);
});

interface Told {
  readonly what: string;
  readonly isInPlace: boolean;
  readonly lines: number;
  readonly text: string;
}

/** Makes the mistakes one a line; of those that nothing is told of there is no entry. */
function toldOf(editor: Editor, { beginning, mistakes }: Sample): readonly Told[] {
  let text = beginning;
  const made = Object.entries(mistakes).map(([what, code]) => {
    const [before, place, after] = code.split(/[«»]/) as [string, string, string];
    const start = text.length;
    text += `${before}${place}${after}\n`;
    return { what, start, end: text.length, from: start + before.length, to: start + before.length + place.length };
  });
  editor.write(text);
  const errors = editor.errors();
  expect(errors.filter(({ at }) => at < beginning.length)).toEqual([]);
  return made.flatMap(({ what, start, end, from, to }) => {
    const first = errors.find(({ at }) => at >= start && at < end);
    if (!first) return [];
    return [
      { what, isInPlace: first.at >= from && first.at < to, lines: first.text.split("\n").length, text: first.text },
    ];
  });
}

const median = (figures: readonly number[]) => [...figures].sort((a, b) => a - b)[figures.length >> 1] as number;

/** For every program of this file: what it has read of the packages is read once. */
let editor: Editor;
/** What is told of this library's mistakes. */
let told: readonly Told[];
beforeAll(() => {
  editor = new Editor("typescript", folder);
  told = toldOf(editor, { ...ours, mistakes: { ...ours.mistakes, ...ownMistakes } });
}, 120_000);

describe("an editor", { timeout: 120_000 }, () => {
  it("tells of a mistake at its place, most often in one line", () => {
    expect(told.filter(({ isInPlace }) => !isInPlace)).toEqual([]);
    expect(told.map(({ what }) => what)).toEqual([...Object.keys(ours.mistakes), ...Object.keys(ownMistakes)]);
    expect(told.filter(({ lines }) => lines > 1).length).toBeLessThanOrEqual(4);
    for (const { text } of told) expect(text).not.toMatch(/\b(At|NameOf|RoomOf|Extract|TTypes)</);
    const textOf = (wanted: string) => told.find(({ what }) => what === wanted)?.text;
    expect(textOf("asks for members of a misspelt room")).toMatch(/`quay_\$\{string\}`/);
    expect(textOf("joins a misspelt room")).toMatch(/`quay_\$\{string\}`/);
    expect(textOf("reads of a misspelt room")).toMatch(/`quay_\$\{string\}`/);
    expect(textOf("names the payload of a misspelt event")).toContain('"ship_loaded"');
    expect(textOf("refuses with a code that the command has not")).toContain("'\"ship_full\"'");
  });

  it("offers the names of events, commands, rooms, fields and codes", () => {
    // In one program, since each costs a new look at all types.
    const codes = {
      on: 'client.on("|");',
      latest: 'useLatestEvent("|");',
      send: 'client.send("|");',
      to: "void server.to.|;",
      emit: 'void server.to.sailor("s").emit("|");',
      field: 'void server.to.quay("q").emit("gull_seen", { | });',
      payload: 'client.on("gull:seen", (payload) => payload.|);',
      refuse: 'server.handle("load_ship", (_, { refuse }) => { throw refuse("|"); });',
      code: 'void ((error: CommandError) => error.code === "|");',
    };
    editor.write(`${ours.beginning}\n${Object.values(codes).join("\n").replaceAll("|", "")}\n`);
    const offered = (where: keyof typeof codes) => editor.offered(`\n${codes[where].split("|")[0]}`);
    // First: TypeScript offers nothing there once it was asked of the others.
    expect(offered("payload")).toEqual(["count"]);
    expect(offered("on")).toEqual(expect.arrayContaining(["ship:loaded", "tide:turned", "ws:resync"]));
    expect(offered("latest")).not.toContain("ws:resync");
    expect(offered("send")).toEqual(["load_ship", "whistle", "sound"]);
    expect(offered("to")).toEqual(["quay", "sailor", "socket"]);
    expect(offered("emit")).toEqual(["letter_came"]);
    expect(offered("field")).toEqual(["count"]);
    expect(offered("refuse")).toEqual(["ship_full"]);
    expect(offered("code")).toEqual(expect.arrayContaining(["offline", "rate_limited", "expired"]));
  });

  it("shows types by their names, with what the contract says of them", () => {
    editor.write(`${ours.beginning}
client.on("ship:loaded", (payload) => void payload.crates);
client.on("ws:resync", ({ room }) => void room);
void server.to.quay("q").emit("tide_turned", { level: 1 });
server.handle("load_ship", (command) => ({ on_board: command.crates }));
createEventServer(io, { contract, authenticate: () => ({ userId: "u" }), authorize: ({ kind, room }) => kind === room });
`);
    expect(editor.hovered("(payload")).toBe("(parameter) payload: ShipLoadedPayload\n");
    expect(editor.hovered("void payload.crates")).toBe("(property) ShipLoadedPayload.crates: number\nCrates on board");
    expect(editor.hovered("({ room")).toBe("(parameter) room: string\nThe room's name.");
    expect(editor.hovered('quay("q").emit')).toMatch(/^\(method\) .*name: "tide_turned", input: TideTurnedInput, /);
    expect(editor.hovered("(command")).toBe("(parameter) command: LoadShipCommand\n");
    expect(editor.hovered("authorize: ({ kind")).toContain('kind: "sailor" | "quay"');
    expect(editor.hovered(", room")).toMatch(/room: `sailor_\$\{string\}` \| `quay_\$\{string\}`/);
    expect(editor.hovered("= createEventHooks")).toContain("(contract: Contract<HarbourTypes>)");
  });

  it("leads from a payload to the schema, where the contract is not compiled", () => {
    editor.write(`${ours.beginning.replace("./contract.gen.js", "./source.js")}
client.on("ship:loaded", (payload) => void payload.crates);
void server.to.quay("q").emit("ship_loaded", { crates: 1 } as never);
`);
    expect(editor.defined("payload.crates")).toContain("crates: z.int()");
    expect(editor.hovered('quay("q").emit')).not.toContain("} & {");
  });
});

it("sees as many mistakes as with zod-sockets and Socket.IO, told in no more words", { timeout: 120_000 }, () => {
  const versionOf = (name: string) =>
    (JSON.parse(readFileSync(join(root, "node_modules", name, "package.json"), "utf8")) as { version: string }).version;
  const figures = Object.entries({
    "this library": told.filter(({ what }) => what in ours.mistakes),
    [`zod-sockets ${versionOf("zod-sockets")}`]: toldOf(editor, zodSockets),
    [`Socket.IO ${versionOf("socket.io")}`]: toldOf(editor, socketIo),
  }).map(([name, told]) => ({
    name,
    seen: told.length,
    inPlace: told.filter(({ isInPlace }) => isInPlace).length,
    lines: median(told.map(({ lines }) => lines)),
    most: Math.max(...told.map(({ lines }) => lines)),
    characters: median(told.map(({ text }) => text.length)),
  }));
  for (const { name, ...figure } of figures) process.stdout.write(`${name}: ${JSON.stringify(figure)}\n`);
  expect(figures.map(({ seen }) => seen)).toEqual([20, 20, 20]);
  const [own, ...others] = figures;
  for (const other of others) expect(own?.lines).toBeLessThanOrEqual(other.lines);
});
