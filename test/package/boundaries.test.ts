import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { contract } from "../../src/gestaloka/contract.js";

const src = resolve(import.meta.dirname, "../../src");

/** Which folder may import which; `gestaloka/…` are the parts of the catalogue. Everything may import itself. */
const arrows: Record<string, readonly string[]> = {
  contract: [],
  delivery: [],
  compiled: ["contract"],
  shapes: ["contract"],
  compile: ["contract"],
  export: ["contract"],
  server: ["contract", "delivery"],
  client: ["contract", "delivery"],
  react: ["contract", "client"],
  redis: ["contract", "delivery", "server"],
  adapters: ["contract", "server"],
  testing: ["contract", "delivery", "server", "client"],
  cli: ["contract", "compile", "export", "delivery", "client", "testing", "gestaloka"],
  "gestaloka/events": ["contract"],
  "gestaloka/hooks": ["react", "client", "contract", "gestaloka"],
  gestaloka: ["contract", "compiled", "shapes", "gestaloka/events", "server"],
};

/** What each folder may import from outside the package; types alone are free where the peer is optional. */
const outside: Record<string, readonly string[]> = {
  contract: [],
  delivery: [],
  compiled: [],
  shapes: [],
  compile: [],
  export: ["zod/v4", "yaml"],
  server: ["socket.io", "socket.io-adapter", "ws", "node:"],
  client: ["socket.io-client"],
  react: ["react"],
  redis: ["node:"],
  adapters: ["jose", "prom-client", "@opentelemetry/api"],
  testing: ["fast-check", "vitest", "socket.io", "node:"],
  cli: ["cac", "jiti", "tinyglobby", "picocolors", "yaml", "node:"],
  "gestaloka/events": ["zod/v4"],
  "gestaloka/hooks": ["react", "@tanstack/react-query"],
  gestaloka: ["zod/v4"],
};

interface Import {
  readonly file: string;
  readonly target: string;
  readonly typeOnly: boolean;
}

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, "utf8");
  return [
    ...text.matchAll(
      /(?:^|\n)\s*(import|export)\s+(type\s)?[^"';]*?from\s+"([^"]+)"|import\(\s*"([^"]+)"\s*\)|(?:^|\n)\s*import\s+"([^"]+)"/g,
    ),
  ].map((match) => ({ file, target: (match[3] ?? match[4] ?? match[5]) as string, typeOnly: match[2] !== undefined }));
}

function placeOf(file: string): string {
  const path = relative(src, file);
  if (path.startsWith("gestaloka/events/")) return "gestaloka/events";
  if (path.startsWith("gestaloka/hooks/")) return "gestaloka/hooks";
  return path.split("/")[0] as string;
}

const engine = files(src).filter((file) => placeOf(file) !== "entry");

describe("the house", () => {
  it("finds the imports it is to judge", () => {
    expect(engine.flatMap(importsOf).length).toBeGreaterThan(100);
  });

  it("lets imports follow its arrows only", () => {
    const wrong = engine.flatMap(importsOf).filter(({ file, target }) => {
      if (!target.startsWith(".")) return false;
      const from = placeOf(file);
      const to = placeOf(resolve(dirname(file), target));
      return from !== to && !(arrows[from] ?? []).includes(to);
    });
    expect(wrong.map(({ file, target }) => `${relative(src, file)} imports ${target}`)).toEqual([]);
  });

  it("has no file that imports itself by way of others, be it for a type", () => {
    const next = new Map(
      files(src).map((file) => {
        const targets = importsOf(file).filter(({ target }) => target.startsWith("."));
        return [relative(src, file), targets.map(({ target }) => relative(src, resolve(dirname(file), target)))];
      }),
    );
    const sourceOf = (target: string) =>
      [".ts", ".tsx"].map((end) => target.replace(/\.js$/, end)).find((to) => next.has(to));
    const judged = new Set<string>();
    const follow = (file: string, path: readonly string[]): readonly string[] | undefined => {
      if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
      if (judged.has(file)) return undefined;
      judged.add(file);
      for (const target of next.get(file) ?? []) {
        const circle = follow(sourceOf(target) ?? target, [...path, file]);
        if (circle) return circle;
      }
      return undefined;
    };
    const circles = [...next.keys()].map((file) => follow(file, [])).filter((circle) => circle !== undefined);
    expect(circles.map((circle) => circle.join(" → "))).toEqual([]);
  });

  it("has the arrows that CONTRIBUTING.md draws", () => {
    const page = readFileSync(resolve(src, "../CONTRIBUTING.md"), "utf8");
    const drawn = [...page.matchAll(/^\| (`src\/.*?) \| .* \| (.*) \|$/gm)].flatMap(([, places = "", may = ""]) =>
      [...places.matchAll(/`src\/(\w+)\/`/g)].map(([, place = ""]) => [
        place,
        [...may.matchAll(/`(\w+)`/g)].map(([, name]) => name).sort(),
      ]),
    );
    // The parts of the catalogue have arrows of their own, and entries may import anything.
    const folders = Object.entries(arrows).filter(([place]) => !place.startsWith("gestaloka"));
    expect(drawn.filter(([place]) => place !== "gestaloka" && place !== "entry").sort()).toEqual(
      folders.map(([place, may]) => [place, [...may].sort()]).sort(),
    );
  });

  it("imports packages only where its table says", () => {
    const wrong = engine.flatMap(importsOf).filter(({ file, target }) => {
      if (target.startsWith(".")) return false;
      const allowed = outside[placeOf(file)] ?? [];
      return !allowed.some(
        (name) => target === name || target.startsWith(`${name}/`) || (name === "node:" && target.startsWith("node:")),
      );
    });
    expect(wrong.map(({ file, target }) => `${relative(src, file)} imports ${target}`)).toEqual([]);
  });

  it("imports zod as zod/v4 and as a namespace, which bundlers can shake", () => {
    const wrong = files(src).filter((file) => {
      const text = readFileSync(file, "utf8");
      return /from "zod"|from "zod\/v3"|from "zod\/mini"/.test(text) || /import \{[^}]*\} from "zod/.test(text);
    });
    expect(wrong).toEqual([]);
  });

  it("lists public names one by one: no export of everything", () => {
    expect(files(src).filter((file) => /^export \*/m.test(readFileSync(file, "utf8")))).toEqual([]);
  });

  it("names no event of Gestaloka in the engine", () => {
    const ordinary = new Set(["connected", "error", "ping", "pong", "notification"]);
    const names = [...contract.events.keys(), ...contract.commands.keys(), ...contract.appEvents.keys()].filter(
      (name) => !ordinary.has(name),
    );
    expect(names.length).toBeGreaterThan(60);
    const wrong = engine
      .filter((file) => !placeOf(file).startsWith("gestaloka"))
      .flatMap((file) => {
        const code = readFileSync(file, "utf8").replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, "");
        return names
          .filter((name) => code.includes(`"${name}"`) || code.includes(`'${name}'`))
          .map((name) => `${relative(src, file)} names ${name}`);
      });
    expect(wrong).toEqual([]);
  });

  it("prints to the console from the command line only", () => {
    const wrong = engine.filter(
      (file) =>
        placeOf(file) !== "cli" &&
        /\bconsole\./.test(readFileSync(file, "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "")),
    );
    expect(wrong).toEqual([]);
  });
});
