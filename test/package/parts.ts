import { SourceMap } from "node:module";
import { resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { forBrowsers } from "./bundle.js";

// What each part of a client adds to a browser's bundle: what compression saves when the part is taken out.

const root = resolve(import.meta.dirname, "../..");

const parts: Readonly<Record<string, RegExp>> = {
  "names, rooms and shapes of the catalogue": /gestaloka\//,
  "judging shapes, and the words of refusals":
    /shapes\/(?!client-contract)|contract\/(timestamp|text|expectation|path|plain-json|shape|refusal|words)\./,
  "the contract as an object": /contract\/(contract|room)\.|shapes\/client-contract/,
  "errors with stable codes": /contract\/errors/,
  "rooms: entering, entering again, leaving": /client\/(rooms|entry-answer)|delivery\/backoff/,
  "recovery: order, duplicates, gaps, pages, heads":
    /client\/(heads|alarm)|delivery\/(room-cursor|page|pack|envelope|received-event|recovery|epoch)/,
  "commands: queue, resending, expiry, answers":
    /client\/(commands|deferred|answer|random-id|identity)|delivery\/command-queue/,
  "the connection: dialling, transports, network, state":
    /client\/(connector|dial|transport-choice|reachability|secure-url|connection-store|clock|channel|transient-codes)/,
  "the session and the public object":
    /client\/(session|event-client|hello|handing-on|listeners|throw-later)|delivery\/hello/,
};

const entry = (name: string) => resolve(root, `src/entry/${name}.ts`);
const { outputFiles } = await build({
  stdin: {
    contents: `import { contract } from "${entry("browser")}";
import { createEventClient } from "${entry("client")}";
globalThis.used = [contract, createEventClient];`,
    resolveDir: root,
  },
  ...forBrowsers,
  sourcemap: "external",
  outfile: resolve(root, "bundle.js"),
});
const [map, code] = [".map", ".js"].map((end) => outputFiles.find(({ path }) => path.endsWith(end))?.text ?? "");
const sources = new SourceMap(JSON.parse(map as string));
const lines = (code as string).split("\n");
const fileOf = lines.map((line, at) =>
  Array.from(line, (_, column) => {
    const found = sources.findEntry(at, column);
    return "originalSource" in found ? found.originalSource : "";
  }),
);

/** The bundle's bytes without the files of some parts. */
function without(...taken: readonly RegExp[]): number {
  const kept = lines.map((line, at) =>
    Array.from(line, (char, column) => (taken.some((part) => part.test(fileOf[at]?.[column] ?? "")) ? "" : char)).join(
      "",
    ),
  );
  return gzipSync(kept.join("\n"), { level: 9 }).length;
}

const whole = without();
for (const [name, part] of Object.entries(parts)) console.log(`${String(whole - without(part)).padStart(6)}  ${name}`);
console.log(`${String(whole).padStart(6)}  all of it, socket.io-client apart`);
console.log(`${String(without(...Object.values(parts).slice(4))).padStart(6)}  without the last five`);
