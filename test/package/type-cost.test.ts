import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { contract } from "../../src/gestaloka/contract.gen.js";
import { temporaryDirectory } from "../support/temporary-directory.js";

const root = resolve(import.meta.dirname, "../..");
const compilers = ["typescript-5.9", "typescript", "typescript-7.0"];
const events = [...contract.events.values()].slice(0, 30);
const lines = (each: (event: (typeof events)[number], i: number) => string) => events.map(each).join("\n");
const roomOf = (audience: string) => (audience === "socket" ? "socket" : audience);

/** What an application with 30 events writes, and how much it may make a compiler instantiate. */
const programs: readonly { readonly what: string; readonly limit: number; readonly code: string }[] = [
  {
    what: "a client that listens to 30 events and sends a command",
    limit: 8_500,
    code: `import { contract } from "@gestaloka/events";
import { createEventClient } from "@gestaloka/events/client";
const client = createEventClient("https://example.org", { contract, auth: async () => ({}) });
${lines(({ appName }) => `client.on("${appName}", (payload) => void payload);`)}
client.on("sp:update", (payload) => { const balance: number = payload.current_sp; return void balance; });
// @ts-expect-error: it is a number, and not any
client.on("sp:update", (payload) => { const balance: string = payload.current_sp; return void balance; });
void client.send("game_action", { game_session_id: "g", action: "look" });
`,
  },
  {
    what: "a Socket.IO client typed with the maps of events",
    limit: 8_500,
    code: `import type { ClientToServerEvents, ServerToClientEvents } from "@gestaloka/events";
import { io, type Socket } from "socket.io-client";
const socket: Socket<ServerToClientEvents, ClientToServerEvents> = io("https://example.org");
${lines(({ name }) => `socket.on("${name}", (payload) => void payload);`)}
socket.emit("game_action", { game_session_id: "g", action: "look" }, (answer) => void answer.ok);
`,
  },
  {
    what: "a server that emits 30 events",
    limit: 8_500,
    code: `import type { EmitTarget } from "@gestaloka/events/server";
import type { GestalokaTypes, InputOf } from "@gestaloka/events";
declare const server: EmitTarget<GestalokaTypes> & { readonly to: { socket(id: string): { emit(name: string, input: object): void } } };
${lines(({ name }, i) => `declare const input${i}: InputOf<"${name}">;`)}
${lines(({ name, audience }, i) => `void server.to.${roomOf(audience)}("id").emit("${name}", input${i});`)}
`,
  },
];

/** A name that is misspelt, is another audience's, or is the library's own to send. */
const misspelt = `import { contract, type GestalokaTypes } from "@gestaloka/events";
import { createEventClient } from "@gestaloka/events/client";
import type { EventHooks, GameSession } from "@gestaloka/events/react";
import type { EventServer } from "@gestaloka/events/server";
declare const server: EventServer<GestalokaTypes>;
declare const hooks: EventHooks<GestalokaTypes>;
declare const game: GameSession<object>;
const client = createEventClient("https://example.org", { contract, auth: {} });
client.on("sp_update", () => {});
client.send("join_game", { game_session_id: "g" });
hooks.useEvent("sp:updat", () => {});
hooks.useLatestEvent("ws:resync");
server.handle("join_game", () => {});
server.to.game("g").emit("sp_update", {});
server.to.game("g").except("v").emit("narrative_update", {});
game.send("join_game", { action: "look" });
`;
const misspeltNames = [
  "sp_update",
  "join_game",
  "sp:updat",
  "ws:resync",
  "join_game",
  "sp_update",
  "narrative_update",
  "join_game",
];

const folder = temporaryDirectory(join(root, "node_modules/.cache")).path;

function compile(compiler: string, code: string): { readonly instantiations: number; readonly errors: string } {
  const directory = mkdtempSync(join(folder, "program-"));
  writeFileSync(join(directory, "main.ts"), code);
  const dist = (name: string) => [join(root, `dist/${name}.d.ts`)];
  const compilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: "ES2022",
    lib: ["ES2022", "DOM"],
    module: "ESNext",
    moduleResolution: "bundler",
    types: [],
    paths: {
      "@gestaloka/events": dist("index"),
      "@gestaloka/events/client": dist("client"),
      "@gestaloka/events/react": dist("react"),
      "@gestaloka/events/server": dist("server"),
      "@gestaloka/events/schemas": dist("schemas"),
    },
  };
  writeFileSync(join(directory, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["main.ts"] }));
  const manifest = JSON.parse(readFileSync(join(root, "node_modules", compiler, "package.json"), "utf8")) as {
    bin: { tsc: string };
  };
  const tsc = join(root, "node_modules", compiler, manifest.bin.tsc);
  let output: string;
  try {
    output = execFileSync(process.execPath, [tsc, "-p", directory, "--extendedDiagnostics"], { encoding: "utf8" });
  } catch (error) {
    output = String((error as { stdout?: unknown }).stdout);
  }
  return {
    instantiations: Number(/Instantiations:\s+(\d+)/.exec(output)?.[1] ?? Number.NaN),
    errors: output
      .split("\n")
      .filter((line) => line.includes("error TS"))
      .join("\n"),
  };
}

describe.each(compilers)("types tell a consumer under %s", { timeout: 120_000 }, (compiler) => {
  it("which names there are, where one is none of them", () => {
    const told = compile(compiler, misspelt).errors.split("\n");
    expect(told).toEqual(
      misspeltNames.map((name) =>
        expect.stringMatching(
          new RegExp(`Argument of type '"${name}"' is not assignable to parameter of type '"\\w+[:\\w]*"( \\| |')`),
        ),
      ),
    );
  });
});

describe.each(compilers)("types cost a consumer under %s", { timeout: 120_000 }, (compiler) => {
  it.each(programs)("no more than was promised in $what", ({ what, code, limit }) => {
    const { instantiations, errors } = compile(compiler, code);
    expect(errors).toBe("");
    process.stdout.write(`${compiler}: ${what}: ${instantiations} instantiations\n`);
    expect(instantiations).toBeGreaterThan(0);
    expect(instantiations).toBeLessThanOrEqual(limit);
  });
});

it("sees what inference costs: the same program with the types of the schemas", { timeout: 120_000 }, () => {
  const reading = (subpath: string) => `import type { TypesOf } from "@gestaloka/events";
import type { contract } from "@gestaloka/events${subpath}";
type Events = TypesOf<typeof contract>["events"];
${lines(({ name }, i) => `declare const payload${i}: Events["${name}"];\nvoid payload${i};`)}
`;
  const [compiled, inferred] = ["", "/schemas"].map((subpath) => compile("typescript-7.0", reading(subpath)));
  expect([compiled?.errors, inferred?.errors]).toEqual(["", ""]);
  expect(inferred?.instantiations).toBeGreaterThan(10 * (compiled?.instantiations ?? Number.NaN));
});
