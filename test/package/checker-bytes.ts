import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Plugin } from "esbuild";
import { type Bundle, bundle } from "./bundle.js";

const source = (path: string) => resolve(import.meta.dirname, "../../src", path);

/** A client with its contract, as it is and as it would be if it judged nothing. */
export async function checkedAndUnchecked(): Promise<{ readonly checked: Bundle; readonly unchecked: Bundle }> {
  const code = `import { contract } from ${JSON.stringify(source("gestaloka/client.gen.ts"))};
import { createEventClient } from ${JSON.stringify(source("client/event-client.ts"))};
globalThis.used = [contract, createEventClient];
`;
  return { checked: await bundle(code), unchecked: await bundle(code, [withoutShapes]) };
}

// Takes every shape out of the generated code, and with them what only they import; and how a refusal is put into words.
const withoutShapes: Plugin = {
  name: "without-shapes",
  setup({ onLoad }) {
    onLoad({ filter: /client\.gen\.ts$/ }, ({ path }) => ({
      contents: withoutCalls(readFileSync(path, "utf8"), /\b(?:closed|exact|open|choice)\(/),
      loader: "ts",
    }));
    // What judges that a text is the event's name is all that a contract without shapes would still name.
    onLoad({ filter: /shapes\/client-contract\.ts$/ }, ({ path }) => ({
      contents: withoutCalls(readFileSync(path, "utf8"), /\bliteral\(/),
      loader: "ts",
    }));
    onLoad({ filter: /shapes\/judge\.ts$/ }, () => ({
      contents: "const same = (value) => value; export { same as at, same as issueOf, same as refuse };",
      loader: "ts",
    }));
  },
};

function withoutCalls(text: string, call: RegExp): string {
  let rest = text;
  let kept = "";
  for (let match = call.exec(rest); match; match = call.exec(rest)) {
    let end = match.index + match[0].length;
    for (let depth = 1; depth > 0; end++) depth += rest[end] === "(" ? 1 : rest[end] === ")" ? -1 : 0;
    kept += `${rest.slice(0, match.index)}0`;
    rest = rest.slice(end);
  }
  return kept + rest;
}
